#include "storage/counter_table.hpp"

#include <algorithm>
#include <limits>

#include "storage/sorted_number.hpp"

namespace interlude::storage {

namespace {

constexpr char group_end = '\0';

std::string key_of(std::string_view group, hour when) {
  std::string out{group};
  out += group_end;
  out += text_of(
      static_cast<std::uint64_t>(std::max<std::int64_t>(when.time_since_epoch().count(), 0)));
  return out;
}

// Views into a key.
struct key_parts {
  std::string_view group;
  hour when;
  std::string_view name;
};

key_parts parts_of(std::string_view key) {
  const auto end = key.find(group_end);
  const auto rest = key.substr(end + 1);
  const auto hours = static_cast<std::chrono::hours::rep>(number_of(rest));
  return {key.substr(0, end), hour{std::chrono::hours{hours}}, rest.substr(number_size)};
}

// Behind all keys of the group.
std::string end_of(std::string_view group) {
  return std::string{group} + static_cast<char>(group_end + 1);
}

std::uint64_t count_at(const transaction& t, MDB_dbi table, std::string_view key) {
  const auto kept = t.get(table, key);
  return kept ? number_of(*kept) : 0;
}

// From group to group: what is between an old hour and the next group is passed over.
std::size_t sweep_table(transaction& t, MDB_dbi table, hour first, std::size_t most) {
  std::vector<std::string> old;
  std::string from;
  for (bool more = true; more && old.size() < most;) {
    more = false;
    t.scan(table, from, [&](std::string_view key, std::string_view) {
      const auto parts = parts_of(key);
      if (parts.when >= first) {
        from = end_of(parts.group);
        more = true;
        return false;
      }
      old.emplace_back(key);
      return old.size() < most;
    });
  }
  for (const auto& key : old) t.erase(table, key);
  return old.size();
}

}  // namespace

result<counter_table> counter_table::open(std::shared_ptr<environment> env, const std::string& name,
                                          std::uint64_t most_names) {
  auto counters = env->table(name);
  if (!counters) return counters.error();
  auto hours = env->table(name + ".hours");
  if (!hours) return hours.error();
  return counter_table{std::move(env), *counters, *hours, most_names};
}

bool counter_table::add(transaction& t, std::string_view group, hour when, std::string_view name,
                        std::uint64_t count) const {
  return add(t, group, when, name, count, most_names_);
}

void counter_table::add_always(transaction& t, std::string_view group, hour when,
                               std::string_view name, std::uint64_t count) const {
  add(t, group, when, name, count, std::numeric_limits<std::uint64_t>::max());
}

bool counter_table::add(transaction& t, std::string_view group, hour when, std::string_view name,
                        std::uint64_t count, std::uint64_t most_names) const {
  if (group.size() > longest_group || name.size() > longest_name) return false;
  auto key = key_of(group, when);
  const auto hour_size = key.size();
  key += name;
  const auto kept = t.get(counters_, key);
  if (!kept) {
    const auto its_hour = std::string_view{key}.substr(0, hour_size);
    const auto names = count_at(t, hours_, its_hour);
    if (names >= most_names) return false;
    t.put(hours_, its_hour, text_of(names + 1));
  }
  t.put(counters_, key, text_of((kept ? number_of(*kept) : 0) + count));
  return true;
}

std::size_t counter_table::sweep(transaction& t, hour first, std::size_t most) const {
  sweep_table(t, hours_, first, most);
  return sweep_table(t, counters_, first, most);
}

result<std::string> counter_table::read(std::string_view group, hour from, hour to,
                                        std::string_view place, std::size_t most,
                                        const visitor& visit) const {
  const auto begin = place.empty() ? key_of(group, from) : std::string{place};
  std::string next;
  const auto done = env_->read([&](const transaction& t) {
    next.clear();
    std::size_t count = 0;
    t.scan(counters_, begin, [&](std::string_view key, std::string_view value) {
      const auto parts = parts_of(key);
      if (parts.group != group || parts.when >= to) return false;
      if (count++ == most) {
        next = key;
        return false;
      }
      visit(parts.when, parts.name, number_of(value));
      return true;
    });
  });
  if (!done) return done.error();
  return next;
}

result<std::vector<std::string>> counter_table::groups(std::string_view prefix) const {
  std::vector<std::string> out;
  const auto done = env_->read([&](const transaction& t) {
    out.clear();
    std::string from{prefix};
    for (bool more = true; more;) {
      more = false;
      t.scan(counters_, from, [&](std::string_view key, std::string_view) {
        const auto group = parts_of(key).group;
        if (!group.starts_with(prefix)) return false;
        out.emplace_back(group);
        from = end_of(group);
        more = true;
        return false;
      });
    }
  });
  if (!done) return done.error();
  return out;
}

}  // namespace interlude::storage
