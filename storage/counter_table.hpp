// Counters that only grow: 64-bit numbers by group, hour and name, exact over restarts.
//
// What is added to them is on disk with whatever else the transaction does, so that what happens
// once is counted once. A group has a bounded number of names in an hour, and hours that are old
// are swept. Names are bytes that their owner understands; a group has no zero in it. Reads are
// safe from any thread; changes are for use inside of a write transaction.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "media/core/time.hpp"
#include "storage/environment.hpp"

namespace interlude::storage {

using hour = std::chrono::sys_time<std::chrono::hours>;

constexpr hour hour_of(instant t) noexcept {
  return std::chrono::floor<std::chrono::hours>(t);
}

class counter_table {
 public:
  static constexpr std::size_t longest_group = 160, longest_name = 330;  // LMDB's limit is 511

  // `most_names`: of one group in one hour.
  static result<counter_table> open(std::shared_ptr<environment> env, const std::string& name,
                                    std::uint64_t most_names);

  // --- inside of a write transaction

  // False, and nothing is added: it would be one name more than there may be, or is too long.
  bool add(transaction& t, std::string_view group, hour when, std::string_view name,
           std::uint64_t count) const;
  // Also beyond the bound: for names that are few by themselves.
  void add_always(transaction& t, std::string_view group, hour when, std::string_view name,
                  std::uint64_t count) const;
  // Takes out what is of an hour before `first`, at most so many counters; how many it were.
  std::size_t sweep(transaction& t, hour first, std::size_t most) const;

  // --- from any thread

  using visitor = std::function<void(hour when, std::string_view name, std::uint64_t count)>;
  // Those of a group in the hours from `from` until before `to`, in the order of hours and names,
  // at most so many. The place to go on from (`place` is empty at first); empty: there are no more.
  // Bounded, since a long read keeps others from growing the store.
  result<std::string> read(std::string_view group, hour from, hour to, std::string_view place,
                           std::size_t most, const visitor& visit) const;
  // All groups whose names begin so.
  result<std::vector<std::string>> groups(std::string_view prefix) const;
  result<std::uint64_t> size() const { return env_->size(counters_); }

 private:
  counter_table(std::shared_ptr<environment> env, MDB_dbi counters, MDB_dbi hours,
                std::uint64_t most_names)
      : env_(std::move(env)), counters_(counters), hours_(hours), most_names_(most_names) {}

  bool add(transaction& t, std::string_view group, hour when, std::string_view name,
           std::uint64_t count, std::uint64_t most_names) const;

  std::shared_ptr<environment> env_;
  MDB_dbi counters_;  // group, 0, hour, name -> count
  MDB_dbi hours_;     // group, 0, hour -> how many names
  std::uint64_t most_names_;
};

}  // namespace interlude::storage
