// Who the viewer is, as far as a request says: what ad servers are asked with.
//
// Address (behind trusted proxies), place, device, what the player sends of itself, and consent.
// Whether any of it may be told is decided where it is told (ads/request).
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "ads/consent/consent_of.hpp"
#include "ads/request/ad_request.hpp"
#include "net/http_message.hpp"
#include "net/node_context.hpp"

namespace interlude::net {

// Everything of the viewer but the session and their parameters. `consent` as it stands in the
// request's query or body: see below. errc::too_large for a consent string of more than 8 KiB.
result<ads::viewer> read_viewer(const viewer_sources& known, const request& req,
                                const ads::consent_parameters& consent);

// The name of a parameter in a query without "ads.", if it is one of consent's; else empty.
std::string_view consent_name(std::string_view parameter) noexcept;

// The member "consent" of a body, as parameters: {"gdpr": 1, "tcf": "...", "us_privacy": "...",
// "gpp": "...", "gpp_sid": [2, 6], "lat": 0, "dnt": 0}. Flags may be true and false, and all may be
// texts as in a query. errc::malformed names a member that is not known, or of another kind.
result<ads::consent_parameters> read_consent(const boost::json::object& members);

}  // namespace interlude::net
