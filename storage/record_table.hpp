// A table of records under keys: what the node keeps of creatives (the catalogue), of channels and
// of viewers.
//
// A record is bytes that its owner understands; the store only keeps them under their key. Reads
// are safe from any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/environment.hpp"

namespace interlude::storage {

class record_table {
 public:
  static result<record_table> open(std::shared_ptr<environment> env, const std::string& name);

  result<std::optional<std::string>> find(std::string_view key) const;
  result<std::vector<std::pair<std::string, std::string>>> all() const {
    return beginning_with({});
  }
  // Those whose keys begin so.
  result<std::vector<std::pair<std::string, std::string>>> beginning_with(
      std::string_view prefix) const;
  // At most so many, from the first key not less than `from`.
  result<std::vector<std::pair<std::string, std::string>>> some(std::string_view from,
                                                                std::size_t most) const;
  // For use inside of a write transaction.
  std::optional<std::string_view> find(const transaction& t, std::string_view key) const {
    return t.get(table_, key);
  }
  void put(transaction& t, std::string_view key, std::string_view record) const {
    t.put(table_, key, record);
  }
  void erase(transaction& t, std::string_view key) const { t.erase(table_, key); }

 private:
  record_table(std::shared_ptr<environment> env, MDB_dbi table)
      : env_(std::move(env)), table_(table) {}

  std::shared_ptr<environment> env_;
  MDB_dbi table_;
};

}  // namespace interlude::storage
