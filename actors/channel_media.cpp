// Cues in the media: new segments of the reference rendition are read, one after the other.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <caf/all.hpp>

#include "actors/channel.hpp"

namespace interlude {

using namespace std::chrono_literals;

namespace {

// At the start, and after a gap: how far back a break may have been announced.
constexpr std::size_t max_backlog = 8;
// A snapshot waits for the cues in its segments, but not for ever.
constexpr auto read_patience = 2s;

}  // namespace

void channel_state::read_media() {
  if (!settings().in_band_cues || reading_) return;
  const auto& all = timeline_->window(timeline_->primary())->segments;
  const auto oldest = all[all.size() - std::min(all.size(), max_backlog)]->msn;
  const auto next = std::max(oldest, last_read_msn_ ? *last_read_msn_ + 1 : oldest);
  const auto* segment =
      next <= all.back()->msn ? &all[static_cast<std::size_t>(next - all.front()->msn)] : nullptr;
  hold_for_media(segment != nullptr);
  if (segment == nullptr) return;
  reading_ = true;
  const auto done = [this, msn = (*segment)->msn] {
    reading_ = false;
    last_read_msn_ = msn;
    read_media();
  };
  const std::chrono::milliseconds patience = read_patience;
  self_->request(reader_, std::min(settings().origin_timeout, patience), read_segment{*segment})
      .then(
          [this, done, read = *segment](const segment_cues& m) {
            note_trouble("cues in the media", "");
            take_anchor(*read, m.found);
            take_cues(m.found);
            done();
          },
          [this, done](caf::error& e) {
            note_trouble("cues in the media", self_->system().render(e));
            done();
          });
}

void channel_state::hold_for_media(bool more) {
  const bool late = now() - read_since_ >= read_patience;
  if (more && !behind_ && !read_holds_) {
    read_holds_ = true;
    read_since_ = now();
  } else if (read_holds_ && (!more || late)) {
    behind_ = more;  // viewers have waited long enough for this backlog
    read_holds_ = false;
    advance_and_publish();
  } else if (!more) {
    behind_ = false;
  }
}

void channel_state::take_cues(const stitch::in_band_cues& found) {
  if (found.unreadable > 0)
    spdlog::warn("channel {}: {} SCTE-35 messages in the media cannot be used", settings().path(),
                 found.unreadable);
  if (found.cues.empty()) return;
  timeline_->observe_in_band(found.cues);
  ask_for_decisions();
}

}  // namespace interlude
