// Which keys have been seen lately, on disk: what is to be done once is known to have been.
//
// Each is remembered until a time and then forgotten, a few with each use. For use inside of a
// write transaction.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "media/core/time.hpp"
#include "storage/environment.hpp"

namespace interlude::storage {

class key_memory {
 public:
  static constexpr std::size_t longest_key = 400;

  static result<key_memory> open(std::shared_ptr<environment> env, const std::string& name);

  // False: it was remembered already, and stays so until it was to be. A longer key, or none, is
  // always new.
  bool add(transaction& t, std::string_view key, instant until) const;
  bool knows(const transaction& t, std::string_view key) const {
    return !key.empty() && key.size() <= longest_key && t.get(keys_, key).has_value();
  }
  // Forgets what was to be remembered until `now`, at most so many; how many it were.
  std::size_t forget(transaction& t, instant now, std::size_t most) const;

  result<std::uint64_t> size() const { return env_->size(keys_); }

 private:
  key_memory(std::shared_ptr<environment> env, MDB_dbi keys, MDB_dbi times)
      : env_(std::move(env)), keys_(keys), times_(times) {}

  std::shared_ptr<environment> env_;
  MDB_dbi keys_;   // key -> until when
  MDB_dbi times_;  // until when, key -> nothing
};

}  // namespace interlude::storage
