// From a session to the audience that it belongs to, and to whom an ad server is asked for.
#pragma once

#include <memory>
#include <string>

#include "actors/channel_view.hpp"
#include "ads/request/ad_request.hpp"
#include "net/http_message.hpp"
#include "net/node_context.hpp"
#include "net/session_cache.hpp"

namespace interlude::net {

// What is known of the viewer from the session alone.
ads::viewer viewer_of(const session& s);
// And from a request of theirs: address, player, languages, page.
ads::viewer viewer_of(const viewer_sources& known, const session& s, const request& req);

// "stitched", "guided/country=DE", ... (audience_names.hpp)
std::string audience_of(const session& s, const channel_settings& channel);

// The audience as the latest snapshot has it; null if nobody of it has watched yet.
std::shared_ptr<const stitch::audience> shown_to(const published_ptr& p, const session& s,
                                                 const channel_settings& channel);

// The name of the session's audience, which is entered in the channel's book as being there. `req`
// tells what an ad server is told of a viewer who is an audience alone: address, user agent. Good
// as long as `s`.
const std::string& enter_audience(const viewer_sources& known, channel_view& channel,
                                  verified_session& s, const request& req, steady_time now);

}  // namespace interlude::net
