#include "storage/key_memory.hpp"

#include <vector>

#include "storage/sorted_number.hpp"

namespace interlude::storage {

namespace {

std::string time_text(instant t) {
  return text_of(static_cast<std::uint64_t>(t.time_since_epoch().count()));
}

}  // namespace

result<key_memory> key_memory::open(std::shared_ptr<environment> env, const std::string& name) {
  auto keys = env->table(name);
  if (!keys) return keys.error();
  auto times = env->table(name + ".times");
  if (!times) return times.error();
  return key_memory{std::move(env), *keys, *times};
}

bool key_memory::add(transaction& t, std::string_view key, instant until) const {
  if (key.empty() || key.size() > longest_key) return true;
  const auto when = time_text(until);
  if (!t.put_new(keys_, key, when)) return false;
  t.put(times_, when + std::string{key}, {});
  return true;
}

std::size_t key_memory::forget(transaction& t, instant now, std::size_t most) const {
  std::vector<std::string> due;
  const auto limit = time_text(now);
  t.scan(times_, {}, [&](std::string_view key, std::string_view) {
    if (due.size() >= most || key.substr(0, number_size) > limit) return false;
    due.emplace_back(key);
    return true;
  });
  for (const auto& key : due) {
    t.erase(keys_, std::string_view{key}.substr(number_size));
    t.erase(times_, key);
  }
  return due.size();
}

}  // namespace interlude::storage
