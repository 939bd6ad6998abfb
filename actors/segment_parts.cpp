#include "actors/segment_parts.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace interlude {

namespace {

constexpr std::size_t max_segment_bytes = 64 * 1024 * 1024;
constexpr std::size_t max_initialization_bytes = 4 * 1024 * 1024;
constexpr std::size_t max_key_bytes = 4096;

// Answers come from any thread, in any order.
class collection {
 public:
  collection(int parts, std::function<void(result<segment_parts>)> done)
      : missing_(parts), done_(std::move(done)) {}

  void take(std::string segment_parts::*part, result<fetch_response> answer) {
    std::function<void(result<segment_parts>)> done;
    result<segment_parts> outcome = segment_parts{};
    {
      const std::lock_guard lock{mutex_};
      if (!done_) return;  // another part has failed
      if (auto wrong = problem_of(answer)) {
        outcome = *std::move(wrong);
      } else {
        parts_.*part = std::move(answer->body);
        if (--missing_ > 0) return;
        outcome = std::move(parts_);
      }
      done = std::exchange(done_, nullptr);
    }
    done(std::move(outcome));
  }

 private:
  static std::optional<error> problem_of(const result<fetch_response>& answer) {
    if (!answer) return answer.error();
    if (answer->status == 200 || answer->status == 206) return std::nullopt;
    const auto& url = answer->final_url;
    return error{errc::unavailable, url.substr(0, url.find('?')),  // no tokens in logs
                 "the origin answered HTTP " + std::to_string(answer->status)};
  }

  std::mutex mutex_;
  segment_parts parts_;
  int missing_;
  std::function<void(result<segment_parts>)> done_;
};

fetch_request request_of(const std::string& url, const std::optional<byte_span>& range,
                         std::size_t max_bytes, std::chrono::milliseconds timeout) {
  fetch_request r;
  r.url = url;
  r.timeout = timeout;
  r.max_bytes = max_bytes;
  if (range)
    r.headers.emplace_back("Range", "bytes=" + std::to_string(range->offset) + "-" +
                                        std::to_string(range->offset + range->length - 1));
  return r;
}

}  // namespace

void fetch_segment(http_fetcher& fetcher, const probe_segment& wanted,
                   std::chrono::milliseconds timeout,
                   std::function<void(result<segment_parts>)> done) {
  const int parts = 1 + (wanted.init_url.empty() ? 0 : 1) + (wanted.key_url.empty() ? 0 : 1);
  const auto all = std::make_shared<collection>(parts, std::move(done));
  const auto fetch = [&](const std::string& url, const std::optional<byte_span>& range,
                         std::size_t max_bytes, std::string segment_parts::*part) {
    fetcher.fetch(
        request_of(url, range, max_bytes, timeout),
        [all, part](result<fetch_response> answer) { all->take(part, std::move(answer)); });
  };
  fetch(wanted.segment_url, wanted.segment_range, max_segment_bytes, &segment_parts::media);
  if (!wanted.init_url.empty())
    fetch(wanted.init_url, wanted.init_range, max_initialization_bytes,
          &segment_parts::initialization);
  if (!wanted.key_url.empty())
    fetch(wanted.key_url, std::nullopt, max_key_bytes, &segment_parts::key);
}

}  // namespace interlude
