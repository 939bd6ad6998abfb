// What has been made, and what may go: every conditioned creative with its size and its last use.
//
// A creative may be removed when it has not been used for a while, since players may be at a plan
// that names it. Plain object; time is an argument. The owner keeps record_of() and does the
// removing.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/creative/conditioner.hpp"
#include "media/core/time.hpp"

namespace interlude {

struct shelved_creative {
  stitch::creative_ptr media;
  std::uint64_t bytes = 0;
  std::optional<double> loudness;  // LKFS, of the source
  instant used{};
  bool withdrawn = false;  // by the operator: for no new plan, and to go as soon as it may
};

struct shelf_limits {
  std::uint64_t bytes = 0;                // 0: any
  std::size_t creatives = 16'384;         // bounds memory and catalogue
  std::chrono::seconds unused_for{3600};  // what was used later stays
};

class creative_shelf {
 public:
  explicit creative_shelf(shelf_limits limits = {}) : limits_(limits) {}

  void put(shelved_creative c);
  void remove(const std::string& key);
  // Null if there is none, or it is withdrawn.
  stitch::creative_ptr find(const std::string& key) const;
  const shelved_creative* entry(const std::string& key) const;
  // True if the record on disk should follow: it is ten minutes behind.
  bool use(const std::string& key, instant now);
  bool withdraw(const std::string& key);

  // Those to be removed now, least recently used first.
  std::vector<std::string> overdue(instant now) const;
  // Over its limits, and nothing may go.
  bool full() const noexcept;

  std::uint64_t bytes() const noexcept { return bytes_; }
  const std::map<std::string, shelved_creative>& all() const noexcept { return shelf_; }

 private:
  bool over(std::uint64_t bytes, std::size_t count) const noexcept;

  shelf_limits limits_;
  std::map<std::string, shelved_creative> shelf_;
  std::map<std::string, instant> kept_use_;  // as the record says
  std::uint64_t bytes_ = 0;
};

std::string record_of(const shelved_creative& c);
result<shelved_creative> read_shelved(std::string_view record);

}  // namespace interlude
