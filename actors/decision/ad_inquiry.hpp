// One question to one ad server: its answer, the wrappers in it, and what can be played of all
// that.
//
// A plain object that says what is to be fetched and takes the answers, in any order; its owner
// keeps the time. The first answer may be VAST, or VMAP with the break that stands for now; or the
// JSON of a decision service, which is asked in its own words and leads nowhere else.
// Whatever comes, take() gives something: candidates in the order in which they should be tried,
// what the ad servers are to be told of those that are none, and why there are no more.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/channel_settings.hpp"
#include "actors/http_fetcher.hpp"
#include "ads/request/ad_request.hpp"
#include "ads/vast/playable.hpp"
#include "ads/vast/unwrap.hpp"
#include "ads/vmap/vmap.hpp"

namespace interlude {

// What could play in a break.
struct ad_candidate {
  std::string name;                 // the ad's id, for logs
  std::string key;                  // of its creative (vast::media_choice)
  std::string source;               // where its media is
  std::vector<std::string> others;  // where else, if that is too large
  bool in_pod = false;              // else it stands alone
  std::shared_ptr<const vast::resolved_ad> ad;
};

// What sort of answer it was.
enum class inquiry_outcome : std::uint8_t {
  answered,  // with ads, be it that none of them can be played
  empty,
  empty_vmap,  // no break in it
  timed_out,
  failed,      // not to be reached, or an HTTP error
  unreadable,  // no XML, no JSON
  invalid,     // no VAST, no VMAP, no pod; or one that leads nowhere
  not_asked,   // no time was left
};
inline constexpr std::size_t inquiry_outcome_count = 8;
// As logs call it: "VAST_RESPONSE", "ERROR_ADS_TIMEOUT", ...
const char* event_of(inquiry_outcome outcome) noexcept;

// What a VMAP wants to be told where its break has no ads.
struct break_error {
  vmap::break_error_code code = vmap::break_error_code::undefined;
  std::vector<std::string> urls;
};

// Texts in it tell nothing of whom the ad server was asked for.
struct inquiry_result {
  std::vector<ad_candidate> candidates;
  std::vector<vast::error_notice> notices;
  break_error break_failed{};  // no URLs: nobody is told
  std::string problem;         // why there is nothing at all; empty if there is
  std::size_t requests = 0;
  inquiry_outcome outcome = inquiry_outcome::answered;
};

struct inquiry_settings {
  std::string url;  // a template (ads/request)
  std::chrono::milliseconds timeout{1500};
  vast::play_policy playable;
  ads::request_form form = {};  // of the first request; wrappers are asked with GET
  ad_server_format format = ad_server_format::vast;
};

class ad_inquiry {
 public:
  struct wanted {
    std::size_t number = 0;
    fetch_request request;
  };

  ad_inquiry(inquiry_settings settings, ads::viewer who, ads::asked_break what);

  // What is to be fetched first. `random` for each request.
  wanted start(instant now, std::uint32_t random);
  // What is to be fetched next; nothing more to come once done().
  std::vector<wanted> answered(std::size_t number, const result<fetch_response>& answer,
                               instant now, const std::function<std::uint32_t()>& random);
  bool done() const noexcept { return done_; }
  // The time is up: what there is counts.
  void expire();
  inquiry_result take();

 private:
  static constexpr std::size_t first = 0;  // the numbers of wrappers come after it

  fetch_request fetch_of(ads::ad_request asked, bool from_stranger) const;
  std::vector<wanted> take_first(const result<fetch_response>& answer, instant now,
                                 const std::function<std::uint32_t()>& random);
  std::vector<wanted> take_pod(std::string_view body);
  std::vector<wanted> take_vmap(const vmap::vmap_response& response, instant now,
                                const std::function<std::uint32_t()>& random);
  void unwrap(vast::vast_response response);
  std::vector<wanted> next(instant now, const std::function<std::uint32_t()>& random);
  std::vector<wanted> fail(inquiry_outcome outcome, std::string problem);
  void offer(vast::resolved_ad ad, bool in_pod, inquiry_result& out) const;
  void keep_break_events(const vmap::ad_break& b);
  break_error failed_break() const;

  inquiry_settings settings_;
  ads::viewer who_;
  ads::asked_break what_;
  std::string asked_url_;
  std::optional<vast::unwrapping> ads_;
  std::vector<ad_candidate> pod_;                                    // of a decision service
  std::shared_ptr<const std::vector<vast::tracking>> break_events_;  // null: no VMAP has any
  std::vector<std::string> break_errors_;
  std::string problem_;
  inquiry_outcome outcome_ = inquiry_outcome::answered;
  std::size_t requests_ = 0;
  bool followed_tag_ = false, done_ = false;
};

}  // namespace interlude
