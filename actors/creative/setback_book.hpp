// Sources that failed: when each may be tried again.
//
// After a failure 30 s, doubling to 10 minutes. Who fails so many times in a row, or has twice been
// no media that could be read, is quarantined: left alone for much longer, also after a restart
// (the owner keeps what record_of() says). Bounded; what failed longest ago makes room, those in
// quarantine last. Plain object; time is an argument.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/core/result.hpp"
#include "media/core/time.hpp"

namespace interlude {

struct setback {
  std::string source;  // for people: without its query
  std::string why;
  instant at{}, until{};
  std::uint32_t failures = 0;  // in a row
  bool quarantined = false;
};

struct setback_policy {
  std::uint32_t quarantine_after = 6;
  std::chrono::seconds quarantine{6 * 3600};
};

class setback_book {
 public:
  explicit setback_book(setback_policy policy = {}, std::size_t capacity = 1024)
      : policy_(policy), capacity_(capacity) {}

  // What forbids to try the source now; null: nothing does.
  const setback* holds(const std::string& key, instant now) const;
  // Names of what was forgotten to make room are added to `forgotten`.
  const setback& fail(const std::string& key, std::string source, const error& e, instant now,
                      std::vector<std::string>& forgotten);
  // It went well, or may be tried at once. False if there was nothing.
  bool clear(const std::string& key) { return book_.erase(key) > 0; }
  void put(const std::string& key, setback s) { book_[key] = std::move(s); }

  const std::map<std::string, setback>& all() const noexcept { return book_; }

 private:
  void make_room(std::vector<std::string>& forgotten);

  setback_policy policy_;
  std::size_t capacity_;
  std::map<std::string, setback> book_;
};

std::string record_of(const setback& s);
// nullopt for a record that is none.
std::optional<setback> read_setback(std::string_view record);

}  // namespace interlude
