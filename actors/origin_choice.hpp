// Which of a channel's origins is asked, and when its multivariant playlist is looked at anew.
//
// The first origin is used until it is in trouble; then the others are tried in turn, and the one
// that answers is used until it is in trouble itself: going back by itself would only be another
// seam in every viewer's picture. An origin just chosen is given time; each time that did not help,
// more of it, so that a channel whose origins all fail does not dance from one to the next. Plain
// object; no clock, no socket.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "media/core/time.hpp"

namespace interlude {

class origin_choice {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  // At least one, in order of preference.
  explicit origin_choice(std::vector<std::string> urls = {""}) : urls_(std::move(urls)) {}

  struct situation {
    bool in_trouble = false;  // the origin does not deliver
    bool missing = false;     // it does, but for a rendition: is that somewhere else by now?
    duration target_duration{0};
  };
  // Whether the multivariant playlist of asked() is wanted, once the channel has been read. Called
  // as long as somebody watches.
  bool wants_look(const situation& s, time_point now);
  // asked() answered; true if it takes the place of another.
  bool answered(time_point now);
  // It did not, or not with what the channel needs: another is asked next, if one is needed.
  void failed();

  const std::string& asked() const { return urls_[asked_]; }
  const std::string& used() const { return urls_[used_]; }
  // The same for people: without the query, in which there may be secrets.
  std::string shown_asked() const;
  std::string shown_used() const;

 private:
  std::vector<std::string> urls_;
  std::size_t used_ = 0, asked_ = 0;
  bool known_ = false;  // one has answered
  time_point looked_at_{}, settled_at_{};
  duration patience_{0};
};

}  // namespace interlude
