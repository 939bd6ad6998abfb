// What an ad server is asked: a channel's URL template, filled, and the headers that say on whose
// behalf (VAST 4.3 sections 1.1.3 and 6).
//
// Variables of the template: [session.id], [viewer.id], [channel], [ads.NAME] (a player's own
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

struct ad_request {
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
};

// `random` makes [random] and [CACHEBUSTING].
ad_request make_ad_request(std::string_view url_template, const viewer& who,
                           const asked_break& what, instant now, std::uint32_t random);

// For a wrapper's URL: only macros, no variables of ours.
ad_request make_wrapper_request(std::string_view url, const std::vector<vast::category>& blocked,
                                const viewer& who, const asked_break& what, instant now,
                                std::uint32_t random);

// For an <Error> URL: macros, [ERRORCODE] among them.
ad_request make_error_request(std::string_view url, vast::error_code code, const viewer& who,
                              const asked_break& what, instant now, std::uint32_t random);

}  // namespace interlude::ads
