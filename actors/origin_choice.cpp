#include "actors/origin_choice.hpp"

#include <algorithm>

#include "media/hls/multivariant_playlist.hpp"

namespace interlude {

using namespace std::chrono_literals;

namespace {

constexpr auto look_every = 30s;  // a new rendition is offered after that at the latest
constexpr auto look_again = 4s;   // when something is missing
constexpr duration most_patience = 5min;

}  // namespace

std::string origin_choice::shown_asked() const {
  return std::string{hls::without_query(asked())};
}

std::string origin_choice::shown_used() const {
  return std::string{hls::without_query(used())};
}

bool origin_choice::wants_look(const situation& s, time_point now) {
  if (s.in_trouble && urls_.size() > 1 && now >= settled_at_) {
    if (asked_ == used_) {
      asked_ = (used_ + 1) % urls_.size();
      patience_ = std::clamp<duration>(2 * patience_, 3 * s.target_duration, most_patience);
    }
    return true;
  }
  // It came back while others were asked.
  if (!s.in_trouble) asked_ = used_;
  // Long enough without trouble: the next one is met with fresh eyes.
  if (!s.in_trouble && now >= settled_at_ + patience_) patience_ = 0us;
  if (asked_ != used_) return false;
  return now - looked_at_ >= (s.missing || s.in_trouble ? look_again : look_every);
}

bool origin_choice::answered(time_point now) {
  const bool another = known_ && asked_ != used_;
  known_ = true;
  used_ = asked_;
  looked_at_ = now;
  if (another) settled_at_ = now + patience_;
  return another;
}

void origin_choice::failed() {
  if (!known_ || asked_ != used_) asked_ = (asked_ + 1) % urls_.size();
}

}  // namespace interlude
