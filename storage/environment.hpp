// The embedded store of a node: one LMDB environment, one named database per table.
//
// Reads run in read transactions on the caller's thread and see a consistent state; writes are for
// one writer at a time (the storage writer actor; the environment serialises them in any case) and
// are on disk when write() returns. The map grows by itself. Opening refuses, with words that say
// what to do: a file that is not ours or damaged, a store of another version, a folder that another
// process is using. Thread-safe.
#pragma once

#include <lmdb.h>

#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "media/core/result.hpp"

namespace interlude::storage {

// Inside a transaction; views returned are good until it ends.
class transaction {
 public:
  explicit transaction(MDB_txn* txn) noexcept : txn_(txn) {}

  std::optional<std::string_view> get(MDB_dbi table, std::string_view key) const;
  void put(MDB_dbi table, std::string_view key, std::string_view value);
  // False: it is there, and stays as it was.
  bool put_new(MDB_dbi table, std::string_view key, std::string_view value);
  bool erase(MDB_dbi table, std::string_view key);
  std::uint64_t size(MDB_dbi table) const;  // how many keys there are
  // In key order, from the first key not less than `from`, until `visit` returns false.
  void scan(MDB_dbi table, std::string_view from,
            const std::function<bool(std::string_view key, std::string_view value)>& visit) const;

 private:
  MDB_txn* txn_;
};

struct environment_options {
  std::string folder;
  std::size_t initial_map_bytes = 16 * 1024 * 1024;
  std::size_t max_map_bytes = std::size_t{64} * 1024 * 1024 * 1024;
};

class environment {
 public:
  static result<std::shared_ptr<environment>> open(const environment_options& options);
  ~environment();
  environment(const environment&) = delete;
  environment& operator=(const environment&) = delete;

  // The table of that name, made when it is not there. Call at start-up.
  result<MDB_dbi> table(const std::string& name);

  // Errors are errc::internal with LMDB's reason. `work` may run more than once (when the map has
  // to grow), so it must have no effects outside of the transaction.
  result<bool> read(const std::function<void(const transaction&)>& work) const;
  result<bool> write(const std::function<void(transaction&)>& work);
  result<std::uint64_t> size(MDB_dbi table) const;  // how many keys there are

  std::size_t map_bytes() const;

 private:
  environment() = default;
  result<bool> check_format();
  int grow();

  MDB_env* env_ = nullptr;
  int lock_file_ = -1;
  std::size_t max_map_bytes_ = 0;
  std::string folder_;
  mutable std::shared_mutex
      resizing_;  // growing the map needs all transactions of the process to have ended
};

}  // namespace interlude::storage
