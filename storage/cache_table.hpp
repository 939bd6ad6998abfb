// A table of records that may be lost, within a bound: what was written first makes room.
//
// A record is text that its owner understands. The bound is of keys and records together, as they
// are written; a record that alone is larger than the bound is not kept. Reads are safe from any
// thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "storage/environment.hpp"

namespace interlude::storage {

class cache_table {
 public:
  static constexpr std::size_t longest_key = 400;  // LMDB's own limit is 511

  static result<cache_table> open(std::shared_ptr<environment> env, const std::string& name,
                                  std::uint64_t max_bytes);

  result<std::optional<std::string>> find(std::string_view key) const;
  // Of all that is kept.
  result<std::uint64_t> bytes() const;

  // For use inside of a write transaction. A longer key is not kept.
  void put(transaction& t, std::string_view key, std::string_view record) const;
  void erase(transaction& t, std::string_view key) const;

 private:
  cache_table(std::shared_ptr<environment> env, MDB_dbi table, MDB_dbi order,
              std::uint64_t max_bytes)
      : env_(std::move(env)), table_(table), order_(order), max_bytes_(max_bytes) {}

  std::uint64_t total(const transaction& t) const;
  void make_room(transaction& t, std::uint64_t& total) const;
  std::uint64_t forget(transaction& t, std::string_view key) const;

  std::shared_ptr<environment> env_;
  MDB_dbi table_;  // key -> place in the order, record
  MDB_dbi order_;  // place -> key; and what it all comes to
  std::uint64_t max_bytes_;
};

}  // namespace interlude::storage
