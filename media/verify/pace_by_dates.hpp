// Invariant 7e for who does not know the origin's live edge: how much has been appended, against
// how far the dates of the content have come.
//
// Dates are the channel clock, so ads that are longer or shorter than what they replace show as a
// drift between the two. At any time it is within one target duration of what it was when nobody
// had seen a break yet; a viewer who came later sees it move by two at most. Where dates step
// between two segments of content, or by more than two target durations (the origin's clock jumped,
// or content is missing), adding up begins anew; such steps are reported, since only who knows the
// origin can tell whether there was a reason.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "media/verify/shown_playlist.hpp"

namespace interlude::verify {

struct date_jump {
  std::int64_t number = 0;  // of the first segment behind it
  duration by{0};
};

class pace_by_dates {
 public:
  struct outcome {
    std::string violation;  // empty: none
    std::optional<date_jump> jump;
  };
  // The next segment that was appended. `target` is the playlist's target duration.
  outcome append(const shown_segment& s, duration target);
  // The viewer has missed segments.
  void begin_anew() { before_.reset(); }
  std::optional<std::int64_t> last_number() const {
    return before_ ? std::optional{before_->number} : std::nullopt;
  }

 private:
  struct position {
    std::int64_t number = 0;
    instant end{};
    bool content = false;
  };
  struct date_step {
    date_jump at;
    instant date{};
  };
  bool is_jump(const shown_segment& s, duration step, duration target) const;
  std::string steps() const;
  void forget_drift() {
    drift_ = duration{0};
    lowest_.reset();
    highest_.reset();
  }

  std::optional<position> before_;
  duration drift_{0};                         // appended less elapsed
  std::optional<duration> lowest_, highest_;  // of it, where content was shown
  std::vector<date_step> steps_;              // the latest, for messages
};

}  // namespace interlude::verify
