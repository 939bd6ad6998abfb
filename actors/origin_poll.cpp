#include "actors/origin_poll.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "media/hls/multivariant_playlist.hpp"

namespace interlude {

using namespace std::chrono_literals;

fetch_request origin_poll::start(const std::string& url, std::chrono::milliseconds timeout) {
  if (hls::without_query(url) != hls::without_query(url_)) ends_lines_ = false;
  if (url != url_) forget_request();
  url_ = url;
  in_flight_ = true;
  ++serial_;
  fetch_request r;
  r.url = url;
  r.timeout = timeout;
  r.headers.emplace_back("Accept",
                         "application/vnd.apple.mpegurl, application/x-mpegurl, */*;q=0.1");
  if (!etag_.empty()) r.headers.emplace_back("If-None-Match", etag_);
  if (!last_modified_.empty()) r.headers.emplace_back("If-Modified-Since", last_modified_);
  return r;
}

void origin_poll::succeeded(const fetch_response& response, time_point now,
                            duration target_duration) {
  in_flight_ = false;
  failures_ = 0;
  trouble_.clear();
  good_at_ = now;
  target_duration_ = std::max<duration>(target_duration, 500ms);
  next_at_ = now + target_duration_ / 2;
  if (response.status == 304) return;
  ends_lines_ |= response.body.ends_with('\n');
  // A conditional request would be answered for the whole file.
  const bool whole = !breaks_off(response.body, now);
  etag_ = whole ? response.etag : "";
  last_modified_ = whole ? response.last_modified : "";
}

bool origin_poll::breaks_off(std::string_view body, time_point now) {
  if (!ends_lines_ || body.ends_with('\n') || body.ends_with("#EXT-X-ENDLIST")) return false;
  if (const auto hash = std::hash<std::string_view>{}(body); hash != broken_off_) {
    broken_off_ = hash;
    broken_off_since_ = now;
  }
  return now - broken_off_since_ < 1min;
}

void origin_poll::moved(time_point now) {
  judged_from_ = now;
  forget_request();
}

void origin_poll::forget_request() {
  in_flight_ = false;
  ++serial_;
  next_at_ = {};
  etag_.clear();
  last_modified_.clear();
}

bool origin_poll::in_trouble(time_point now) const noexcept {
  const auto silent_for = now - std::max(good_at_, judged_from_);
  const auto still_for = now - std::max(advanced_at_, judged_from_);
  return (failures_ > 0 && silent_for >= target_duration_ * 3 / 2) ||
         still_for >= 3 * target_duration_;
}

bool origin_poll::failed(time_point now, std::string what) {
  in_flight_ = false;
  const bool news = what != trouble_;
  trouble_ = std::move(what);
  ++failures_;
  failed_at_ = now;
  // What was kept may be what cannot be used.
  etag_.clear();
  last_modified_.clear();
  const duration pause = 250ms * (1 << std::min<std::uint32_t>(failures_ - 1, 6));
  next_at_ = now + std::min(pause, target_duration_);
  return news;
}

std::string playlist_problem(const fetch_response& response) {
  if (response.status == 200 || response.status == 304) {
    const std::string_view type = response.content_type;
    if (response.status == 200 && type.starts_with("text/html"))
      return "the origin answered text/html instead of a playlist: check the channel's key "
             "\"origin\"";
    return {};
  }
  return "the origin answered HTTP " + std::to_string(response.status);
}

}  // namespace interlude
