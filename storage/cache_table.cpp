#include "storage/cache_table.hpp"

#include <vector>

#include "storage/sorted_number.hpp"

namespace interlude::storage {

namespace {

// {bytes, next place}. Not as long as a place, so none of them is taken for it.
constexpr std::string_view totals = "t";

}  // namespace

result<cache_table> cache_table::open(std::shared_ptr<environment> env, const std::string& name,
                                      std::uint64_t max_bytes) {
  auto table = env->table(name);
  if (!table) return table.error();
  auto order = env->table(name + ".order");
  if (!order) return order.error();
  return cache_table{std::move(env), *table, *order, max_bytes};
}

result<std::optional<std::string>> cache_table::find(std::string_view key) const {
  std::optional<std::string> found;
  if (key.empty() || key.size() > longest_key) return found;
  auto done = env_->read([&](const transaction& t) {
    if (const auto kept = t.get(table_, key)) found = std::string{kept->substr(number_size)};
  });
  if (!done) return done.error();
  return found;
}

std::uint64_t cache_table::total(const transaction& t) const {
  const auto kept = t.get(order_, totals);
  return kept ? number_of(*kept) : 0;
}

result<std::uint64_t> cache_table::bytes() const {
  std::uint64_t out = 0;
  auto done = env_->read([&](const transaction& t) { out = total(t); });
  if (!done) return done.error();
  return out;
}

// Takes a record out; what it came to.
std::uint64_t cache_table::forget(transaction& t, std::string_view key) const {
  const auto kept = t.get(table_, key);
  if (!kept) return 0;
  const auto freed = key.size() + kept->size() - number_size;
  t.erase(order_, std::string{kept->substr(0, number_size)});
  t.erase(table_, key);
  return freed;
}

void cache_table::make_room(transaction& t, std::uint64_t& total) const {
  std::vector<std::string> oldest;
  std::uint64_t freed = 0;
  t.scan(order_, {}, [&](std::string_view place, std::string_view key) {
    if (total - freed <= max_bytes_ || place == totals) return false;
    if (const auto kept = t.get(table_, key)) freed += key.size() + kept->size() - number_size;
    oldest.emplace_back(key);
    return true;
  });
  for (const auto& key : oldest) total -= forget(t, key);
}

void cache_table::put(transaction& t, std::string_view key, std::string_view record) const {
  const auto size = key.size() + record.size();
  if (key.empty() || key.size() > longest_key || size > max_bytes_) return erase(t, key);
  const auto kept = t.get(order_, totals);
  auto sum = kept ? number_of(*kept) : 0;
  const auto place = kept ? number_of(kept->substr(number_size)) : 0;
  sum += size - forget(t, key);
  std::string value = text_of(place);
  value += record;
  t.put(table_, key, value);
  t.put(order_, text_of(place), key);
  make_room(t, sum);
  t.put(order_, totals, text_of(sum) + text_of(place + 1));
}

void cache_table::erase(transaction& t, std::string_view key) const {
  if (key.empty() || key.size() > longest_key) return;
  const auto kept = t.get(order_, totals);
  if (!kept) return;
  const auto next = number_of(kept->substr(number_size));
  const auto sum = number_of(*kept) - forget(t, key);
  t.put(order_, totals, text_of(sum) + text_of(next));
}

}  // namespace interlude::storage
