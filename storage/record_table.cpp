#include "storage/record_table.hpp"

namespace interlude::storage {

result<record_table> record_table::open(std::shared_ptr<environment> env, const std::string& name) {
  auto table = env->table(name);
  if (!table) return table.error();
  return record_table{std::move(env), *table};
}

result<std::optional<std::string>> record_table::find(std::string_view key) const {
  std::optional<std::string> found;
  auto done = env_->read([&](const transaction& t) {
    if (const auto record = t.get(table_, key)) found = std::string{*record};
  });
  if (!done) return done.error();
  return found;
}

result<std::vector<std::pair<std::string, std::string>>> record_table::beginning_with(
    std::string_view prefix) const {
  std::vector<std::pair<std::string, std::string>> out;
  auto done = env_->read([&](const transaction& t) {
    out.clear();
    t.scan(table_, prefix, [&](std::string_view key, std::string_view record) {
      if (!key.starts_with(prefix)) return false;
      out.emplace_back(key, record);
      return true;
    });
  });
  if (!done) return done.error();
  return out;
}

result<std::vector<std::pair<std::string, std::string>>> record_table::some(
    std::string_view from, std::size_t most) const {
  std::vector<std::pair<std::string, std::string>> out;
  if (most == 0) return out;
  auto done = env_->read([&](const transaction& t) {
    t.scan(table_, from, [&](std::string_view key, std::string_view record) {
      out.emplace_back(key, record);
      return out.size() < most;
    });
  });
  if (!done) return done.error();
  return out;
}

}  // namespace interlude::storage
