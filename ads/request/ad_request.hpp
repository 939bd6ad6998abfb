// What an ad server is asked: a channel's templates for URL, body and headers, filled, and the
// headers that say on whose behalf (VAST 4.3 sections 1.1.3 and 6).
//
// Variables of the templates: [session.id], [viewer.id], [channel], [ads.NAME] (a player's own
// parameter NAME), [bucket], [break.id], [break.duration] (seconds, rounded up),
// [break.duration_ms], [break.start] (ISO 8601), [break.number] (counts the channel's breaks),
// [scte.event_id], [device.class], [device.ua], [device.ip], [geo.country], [geo.region],
// [consent.gdpr] (0, 1), [consent.tcf], [consent.us_privacy], [consent.gpp], [consent.gpp_sid],
// [random] (eight digits); and the macros of VAST 4. What is not known, or is withheld for want of
// consent, is empty, and of a macro -1 or -2. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ads/consent/consent.hpp"
#include "ads/macros/macros.hpp"
#include "ads/vast/error_code.hpp"
#include "ads/vast/vast_response.hpp"
#include "media/core/time.hpp"

namespace interlude::ads {

// For whom; of an audience, what all in it have in common.
struct viewer {
  std::string id;  // as the publisher knows them, over all their sessions; empty: it does not
  std::string session;
  std::string ip, user_agent, accept_language, referer;
  std::string device_class;                       // "tv", "phone", ...
  std::string country, region;                    // ISO 3166
  std::string bucket;                             // of an A/B test
  std::map<std::string, std::string> parameters;  // as the player gave them, without "ads."
  consent allows;
};

// Whose exposures count: of the viewer, as far as anybody knows them. Empty: nobody's.
inline std::string viewer_key(const viewer& who) {
  if (!who.id.empty()) return "viewer:" + who.id;
  return who.session.empty() ? std::string{} : "session:" + who.session;
}

struct asked_break {
  std::string channel, id, event_id;
  duration length{0};
  instant start{};
  std::uint64_t number = 0;
};

// How an ad server is asked, beside its URL. `body` and the headers' values are templates.
struct request_form {
  std::string method = "GET";  // or POST, which alone has a body
  std::string body;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
};

// What is put into a body of this type: JSON-escaped for application/json and all of +json, escaped
// for XML likewise, encoded as in a URL for all others.
macro_place place_in_body(std::string_view content_type);

// Whether a header may be given: its name is one, and neither the connection's own business (RFC
// 9110 7.6.1) nor what the client says of itself and the body.
bool is_free_header(std::string_view name);

struct ad_request {
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string method = "GET";
  std::string body;
};

// `random` makes [random] and [CACHEBUSTING]. The form's own headers take the place of those that
// are sent anyway; what comes out empty is not sent.
ad_request make_ad_request(std::string_view url_template, const viewer& who,
                           const asked_break& what, instant now, std::uint32_t random,
                           const request_form& form = {});

// For a wrapper's URL: only macros, no variables of ours.
ad_request make_wrapper_request(std::string_view url, const std::vector<vast::category>& blocked,
                                const viewer& who, const asked_break& what, instant now,
                                std::uint32_t random);

// An event of an ad that plays, as far as macros tell of it.
struct playing_event {
  duration playhead{0};                      // in the ad
  std::optional<std::int64_t> pod_sequence;  // the ad's own; without one it stands alone
  std::string serving_id;                    // <AdServingId>
  std::vector<std::string> universal_ids;    // "registry value"
  bool by_player = false;                    // who requests the URL; else this node does
};

// For a tracking URL: macros, [ADPLAYHEAD] among them.
ad_request make_event_request(std::string_view url, const playing_event& event, const viewer& who,
                              const asked_break& what, instant now, std::uint32_t random);

// For an <Error> URL: macros, [ERRORCODE] (VAST) and [ERROR_CODE] (VMAP) among them.
ad_request make_error_request(std::string_view url, int code, const viewer& who,
                              const asked_break& what, instant now, std::uint32_t random);

}  // namespace interlude::ads
