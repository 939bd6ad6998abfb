#include "media/stitch/signal_placer.hpp"

#include <utility>

#include "media/stitch/in_band.hpp"

namespace interlude::stitch {

using namespace std::chrono_literals;

namespace {

constexpr duration farthest = 10min;
constexpr duration anchor_age = 1min;
constexpr duration patience = 30s;

}  // namespace

bool signal_placer::wants_anchor(const content_segment& latest) const {
  if (!anchor_ || anchor_->dsn != latest.dsn) return true;
  const auto behind = latest.start - anchor_->at;
  return behind >= anchor_age || (!waiting_.empty() && behind > 0us);
}

std::optional<instant> signal_placer::time_of(const scte35::signal& s, instant edge) const {
  if (!s.pts) return edge;
  if (!anchor_) return std::nullopt;
  const auto at = anchor_->at + pts_since(*s.pts, anchor_->pts);
  if (std::chrono::abs(at - edge) > farthest) return std::nullopt;
  return at;
}

placed_signals signal_placer::place(std::span<const scte35::signal> signals,
                                    std::optional<instant> edge, instant now) {
  placed_signals out;
  for (const auto& s : signals) {
    if (const auto at = edge ? time_of(s, *edge) : std::nullopt) {
      out.cues.push_back(cue_of(s, *at));
      continue;
    }
    if (waiting_.size() == max_waiting) {
      waiting_.pop_front();
      ++out.lost;
    }
    waiting_.push_back({s, now});
    ++out.waiting;
  }
  return out;
}

placed_signals signal_placer::place_waiting(instant edge, instant now) {
  placed_signals out;
  for (auto& w : std::exchange(waiting_, {})) {
    if (const auto at = time_of(w.signal, edge))
      out.cues.push_back(cue_of(w.signal, *at));
    else if (now - w.since < patience)
      waiting_.push_back(std::move(w));
    else
      ++out.lost;
  }
  return out;
}

}  // namespace interlude::stitch
