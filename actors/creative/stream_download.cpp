#include "actors/creative/stream_download.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "actors/creative/creative_identity.hpp"
#include "media/hls/multivariant_playlist.hpp"

namespace interlude {

namespace {

namespace fs = std::filesystem;
using clock = std::chrono::steady_clock;

struct arrival {
  std::size_t index = 0;
  result<fetch_response> answer;
};

// Answers come from any thread, also when nobody waits for them any more.
class inbox {
 public:
  void put(arrival a) {
    const std::lock_guard lock{mutex_};
    arrivals_.push_back(std::move(a));
    came_.notify_one();
  }
  // nullopt: the time is up, or nobody wants the rest.
  std::optional<arrival> take(const std::stop_token& stop, clock::time_point deadline) {
    std::unique_lock lock{mutex_};
    if (!came_.wait_until(lock, stop, deadline, [this] { return !arrivals_.empty(); }))
      return std::nullopt;
    auto a = std::move(arrivals_.front());
    arrivals_.pop_front();
    return a;
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any came_;
  std::deque<arrival> arrivals_;
};

std::string shown(const std::string& url) {
  return std::string{hls::without_query(url)};
}

class stream_download {
 public:
  stream_download(http_fetcher& fetcher, const stream_order& order)
      : fetcher_(fetcher), order_(order), deadline_(clock::now() + order.timeout) {}

  result<std::string> run() {
    bytes_ = order_.first.text.size();
    // Before anything is made of it: it was fetched as media, which may be much larger.
    if (bytes_ > order_.limits.playlist_bytes)
      return error{errc::too_large, shown(order_.first.url), "it is too large for a playlist"};
    const auto outline = outline_stream(order_.first, order_.limits);
    if (!outline) return outline.error();
    auto playlists = media_playlists(outline->urls);
    if (!playlists) return playlists.error();
    const auto plan = plan_stream(*playlists, outline->variables, order_.limits);
    if (!plan) return plan.error();
    std::error_code ec;
    fs::remove_all(order_.folder, ec);
    fs::create_directories(order_.folder, ec);
    if (ec) return error{errc::internal, order_.folder, "cannot be made: " + ec.message()};
    return keep(*plan);
  }

 private:
  using taker = std::function<std::optional<error>(std::size_t, fetch_response&)>;

  std::size_t left() const { return order_.max_bytes - std::min(bytes_, order_.max_bytes); }
  std::string local(const std::string& name) const { return order_.folder + '/' + name; }

  result<std::vector<fetched_playlist>> media_playlists(const std::vector<std::string>& urls) {
    if (urls.empty()) return std::vector{order_.first};
    std::vector<fetched_playlist> out(urls.size());
    const auto no =
        fetch_all(urls, order_.limits.playlist_bytes, [&](std::size_t i, fetch_response& r) {
          out[i] = {std::move(r.body), r.final_url.empty() ? urls[i] : std::move(r.final_url)};
          return std::optional<error>{};
        });
    if (no) return *no;
    return out;
  }

  result<std::string> keep(const stream_plan& plan) {
    std::string all;
    for (const auto& p : plan.playlists) {
      const auto hash = keep_file(local(p.name), p.text);
      if (!hash) return hash.error();
      all += *hash;
    }
    std::vector<std::string> urls, hashes(plan.files.size());
    for (const auto& f : plan.files) urls.push_back(f.url);
    // So that those under way together keep within the bound, too.
    const auto largest = order_.max_bytes / std::min(order_.at_once, urls.size());
    const auto no = fetch_all(urls, largest, [&](std::size_t i, fetch_response& r) {
      return keep_media(plan.files[i], r.body, hashes[i]);
    });
    if (no) return *no;
    for (const auto& hash : hashes) all += hash;
    return sha256_of(all);
  }

  std::optional<error> keep_media(const stream_file& f, const std::string& body,
                                  std::string& hash) const {
    if (body.size() < f.least_size)
      return error{errc::malformed, shown(f.url), "it is shorter than what is wanted of it"};
    // Versions of ffmpeg would follow it, to whatever files it names.
    if (is_stream(body))
      return error{errc::malformed, shown(f.url), "it is a playlist where media was expected"};
    auto kept = keep_file(local(f.name), body);
    if (!kept) return kept.error();
    hash = *std::move(kept);
    return std::nullopt;
  }

  // `take` is given each answer as it comes, in any order. The first error ends it all.
  std::optional<error> fetch_all(const std::vector<std::string>& urls, std::size_t largest,
                                 const taker& take) {
    const auto box = std::make_shared<inbox>();
    std::size_t next = 0, open = 0;
    while (next < urls.size() || open > 0) {
      for (; next < urls.size() && open < order_.at_once; ++next, ++open)
        fetcher_.fetch(request_of(urls[next], largest), [box, i = next](result<fetch_response> r) {
          box->put({i, std::move(r)});
        });
      auto came = box->take(order_.stop, deadline_);
      if (!came || order_.stop.stop_requested()) return given_up();
      --open;
      if (auto no = problem_of(urls[came->index], came->answer)) return no;
      if (auto no = take(came->index, *came->answer)) return no;
    }
    return std::nullopt;
  }

  fetch_request request_of(const std::string& url, std::size_t largest) const {
    fetch_request r;
    r.url = url;
    r.timeout = std::max(std::chrono::ceil<std::chrono::milliseconds>(deadline_ - clock::now()),
                         std::chrono::milliseconds{1});
    r.max_bytes = std::min(largest, left());
    r.from_stranger = order_.from_stranger;
    return r;
  }

  std::optional<error> problem_of(const std::string& url, const result<fetch_response>& answer) {
    if (!answer) return answer.error();
    if (answer->status != 200)
      return error{errc::unavailable, shown(url),
                   "the server answered HTTP " + std::to_string(answer->status)};
    if (answer->body.size() > left())
      return error{
          errc::too_large, shown(order_.first.url),
          "all its files together are larger than " + std::to_string(order_.max_bytes) + " bytes"};
    bytes_ += answer->body.size();
    return std::nullopt;
  }

  error given_up() const {
    if (order_.stop.stop_requested())
      return {errc::unavailable, shown(order_.first.url), "was stopped"};
    return {errc::timed_out, shown(order_.first.url),
            "its files were not there within " + std::to_string(order_.timeout.count()) + " ms"};
  }

  http_fetcher& fetcher_;
  const stream_order& order_;
  clock::time_point deadline_;
  std::size_t bytes_ = 0;
};

}  // namespace

result<std::string> download_stream(http_fetcher& fetcher, const stream_order& order) {
  auto content = stream_download{fetcher, order}.run();
  std::error_code ec;
  if (!content) fs::remove_all(order.folder, ec);
  return content;
}

result<std::string> keep_file(const std::string& file, std::string_view data) {
  std::ofstream out{file, std::ios::binary};
  out << data << std::flush;
  if (!out) return error{errc::internal, file, "cannot be written: is the disk full?"};
  return sha256_of(data);
}

}  // namespace interlude
