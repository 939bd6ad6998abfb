// Splice signals that come apart from the content: put on the channel clock by the time stamps of
// the content's own segments, and told to the schedule of breaks.
#include <spdlog/spdlog.h>

#include <caf/all.hpp>

#include "actors/channel.hpp"

namespace interlude {

void channel_state::open_reader() {
  if (reader_) return;
  reader_ = self_->spawn<caf::linked>(
      segment_reader, segment_reader_arguments{arguments_.fetcher, settings().breaks.signals,
                                               settings().origin_timeout});
}

// What happens at once must not happen where the channel was when somebody last watched.
std::optional<instant> channel_state::fresh_edge() const {
  const auto primary = timeline_->primary();
  const auto& window = timeline_->window(primary);
  if (!window || now() - polls_[primary].good_at() > 2 * window->target_duration)
    return std::nullopt;
  return window->edge();
}

void channel_state::on(signals_heard& m) {
  if (!timeline_)
    return m.done(
        error{errc::unavailable, settings().path(), "nothing has been read from the origin yet"});
  const auto placed = signals_.place(m.signals, fresh_edge(), wall(now()));
  m.done(ingest_outcome{placed.cues.size(), placed.waiting, placed.lost});
  take_placed(placed);
  if (fresh_edge()) find_anchor();
  poll_what_is_due();  // the reference rendition is wanted from now on, whoever watches
}

void channel_state::take_placed(const stitch::placed_signals& placed) {
  if (placed.lost > 0)
    spdlog::warn("channel {}: {} splice signals of an ingest are of no time of the content",
                 settings().path(), placed.lost);
  if (placed.cues.empty()) return;
  timeline_->observe_in_band(placed.cues);
  ask_for_decisions();
  if (!read_holds_) advance_and_publish();
}

// While there is an ingest, a segment is read now and then for the time stamps that it begins with.
// Where segments are read for cues anyway, each tells.
void channel_state::find_anchor() {
  const auto& window = timeline_->window(timeline_->primary());
  if (!is_ingesting() || !window) return;
  take_placed(signals_.place_waiting(window->edge(), wall(now())));
  const auto latest = window->segments.back();
  if (settings().in_band_cues || anchoring_ || last_anchor_msn_ == latest->msn ||
      !signals_.wants_anchor(*latest))
    return;
  open_reader();
  anchoring_ = true;
  last_anchor_msn_ = latest->msn;
  self_->request(reader_, settings().origin_timeout, read_segment{latest})
      .then(
          [this, latest](const segment_cues& m) {
            anchoring_ = false;
            take_anchor(*latest, m.found);
          },
          [this](caf::error& e) {
            anchoring_ = false;
            spdlog::warn("channel {}: the time stamps of its content are not known: {}",
                         settings().path(), self_->system().render(e));
          });
}

void channel_state::take_anchor(const stitch::content_segment& segment,
                                const stitch::in_band_cues& found) {
  if (found.first_pts) {
    signals_.set_anchor({*found.first_pts, segment.start, segment.dsn});
    if (const auto edge = fresh_edge()) take_placed(signals_.place_waiting(*edge, wall(now())));
  } else if (signals_.has_waiting()) {
    spdlog::warn("channel {}: its content has no time stamps that an ingest could share",
                 settings().path());
  }
}

}  // namespace interlude
