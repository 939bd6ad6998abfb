// What HTTP threads read of a channel without asking its actor: the latest published state, and the
// marks by which viewers tell the actor that they are there.
//
// The actor publishes by swapping one shared pointer; readers never wait. Marks are plain atomics,
// written at most twice a second, so that a thousand viewers on every core do not fight over them.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/audience_book.hpp"
#include "actors/audience_names.hpp"
#include "actors/channel_counters.hpp"
#include "actors/channel_settings.hpp"
#include "actors/content_catalogue.hpp"
#include "actors/decision/decision_messages.hpp"
#include "actors/decision/exposure_book.hpp"
#include "actors/decision/story_ring.hpp"
#include "media/core/result.hpp"
#include "media/stitch/channel_description.hpp"
#include "media/stitch/channel_timeline.hpp"

namespace interlude {

struct published_rendition {
  steady_time good_at{};  // when the origin last gave a playlist that could be used
  bool polled = false;    // the actor keeps it fresh
};

struct published_channel {
  stitch::description_ptr description;  // null until the multivariant playlist was read
  stitch::snapshot_ptr snapshot;        // null until a media playlist was read
  std::vector<published_rendition> renditions;
  std::string trouble;  // why the origin's last answer could not be used; empty if it could
};

using published_ptr = std::shared_ptr<const published_channel>;

class channel_view {
 public:
  static constexpr std::size_t max_renditions = 64;

  explicit channel_view(channel_settings s) : settings(std::move(s)) {
    audiences.set_limit(most_audiences(settings));
  }

  const channel_settings settings;
  content_catalogue content;  // of a channel whose segments the node serves
  audience_book audiences;
  channel_counters counters;
  std::atomic<int> ingests{0};  // streams of splice messages that are being taken

  // Not std::atomic<std::shared_ptr>: GCC 12's load() gives its lock back without ordering what it
  // read. Readers come here only when version() has changed, and the lock is held for one copy.
  published_ptr load() const {
    const std::lock_guard lock{mutex_};
    return published_;
  }
  void publish(published_ptr p) {
    // First, so that nobody is shown a name that leads nowhere.
    if (settings.segments == content_place::proxy && p->description && p->snapshot)
      content.observe(*p->description, *p->snapshot);
    {
      const std::lock_guard lock{mutex_};
      published_.swap(p);
    }
    version_.fetch_add(1, std::memory_order_release);
  }
  // How long the house ads are that are ready, by name: for those who decide elsewhere.
  using house_lengths = std::shared_ptr<const std::map<std::string, duration>>;
  house_lengths house() const {
    const std::lock_guard lock{mutex_};
    return house_;
  }
  void publish_house(std::map<std::string, duration> lengths) {
    const std::lock_guard lock{mutex_};
    if (!house_ || *house_ != lengths)
      house_ = std::make_shared<const std::map<std::string, duration>>(std::move(lengths));
  }
  // Changes with every publish(): lets a reader keep what it loaded and look at one integer per
  // request.
  std::uint64_t version() const noexcept { return version_.load(std::memory_order_acquire); }

  // A viewer asked for a rendition. Cheap enough for every request.
  void mark_watched(std::size_t rendition, steady_time now) noexcept {
    watched_[rendition % watched_.size()].set(now);
  }
  steady_time watched_at(std::size_t rendition) const noexcept {
    return watched_[rendition % watched_.size()].at();
  }

 private:
  mutable std::mutex mutex_;
  published_ptr published_;
  house_lengths house_;
  std::atomic<std::uint64_t> version_{0};
  // Side by side: at so few writes a second, lines of their own would cost 4 KiB per channel for
  // nothing.
  std::array<seen_mark, max_renditions> watched_;
};

// The pre-rolls of guided viewers: those who start a session in the same minute are given one list.
constexpr std::string_view guided_preroll = "preroll";  // as playlists name it
inline std::string guided_preroll_id(instant session_start) {
  return "p" +
         std::to_string(
             std::chrono::floor<std::chrono::minutes>(session_start).time_since_epoch().count());
}

struct cue_command {
  enum class action : std::uint8_t { start, stop, extend, cancel };
  action what = action::start;
  std::string id;
  std::optional<instant> at;
  std::optional<duration> break_duration;  // extend: needed
};

// What became of splice signals that came apart from the content.
struct ingest_outcome {
  std::size_t taken = 0;    // told to the schedule of breaks
  std::size_t waiting = 0;  // until the content's time stamps are known
  std::size_t lost = 0;     // have waited in vain; also of those given before
};

// The ways from an HTTP thread into the actor system. All return at once; `done` is called exactly
// once from any thread.
class channel_gateway {
 public:
  virtual ~channel_gateway() = default;
  // Null if there is none. Channels live as long as the gateway.
  virtual channel_view* find(std::string_view org, std::string_view channel) const = 0;
  virtual const std::vector<std::shared_ptr<channel_view>>& channels() const = 0;

  // The state with a description; waits for the origin if there is none yet.
  virtual void want_description(channel_view& c,
                                std::function<void(result<published_ptr>)> done) = 0;
  // The state with a fresh playlist of `rendition` for `audience`.
  virtual void want_playlist(channel_view& c, std::size_t rendition, std::string audience,
                             std::function<void(result<published_ptr>)> done) = 0;
  // The plan of a break, decided at the latest when the channel's decision_timeout has passed;
  // null: nothing to play.
  virtual void want_plan(channel_view& c, std::string audience, std::string break_id,
                         std::function<void(result<stitch::plan_ptr>)> done) = 0;
  virtual void send_cue(channel_view& c, cue_command command,
                        std::function<void(result<stitch::ad_break>)> done) = 0;
  // The breaks of which it is known what was decided, and all that is known of one (of all
  // audiences, if none is named; errc::not_found if there is no such break).
  virtual void want_break_lines(channel_view& c,
                                std::function<void(result<std::vector<break_line>>)> done) = 0;
  virtual void want_break_stories(channel_view& c, std::string break_id, std::string audience,
                                  std::function<void(result<break_stories>)> done) = 0;
  // Splice signals of a stream with the content's time stamps, in order; none at all tells that
  // such a stream has begun. errc::unavailable while nothing is known of the content.
  virtual void send_signals(channel_view& c, std::vector<scte35::signal> signals,
                            std::function<void(result<ingest_outcome>)> done) = 0;
  // Which ads, for whoever asks; decided at the latest when the question's budget has passed.
  virtual void want_decision(decision_wanted question, std::function<void(decision_made)> done) = 0;
  // What is decided already.
  virtual decision_cache& decisions() = 0;
  // Who has seen what; null: nobody counts.
  virtual exposure_book* exposures() = 0;
  // `done(false)`: it is not on disk.
  virtual void keep(store_write write, std::function<void(bool)> done) = 0;
};

}  // namespace interlude
