#include "storage/outbox.hpp"

#include <algorithm>

#include "storage/sorted_number.hpp"

namespace interlude::storage {

namespace {

constexpr std::string_view next = "next";

// Times before 1970 do not come up; they would all be the same.
std::uint64_t milliseconds_of(instant t) {
  const auto since = std::chrono::floor<std::chrono::milliseconds>(t.time_since_epoch()).count();
  return static_cast<std::uint64_t>(std::max<std::int64_t>(since, 0));
}

instant instant_of(std::uint64_t milliseconds) {
  constexpr std::uint64_t longest =
      std::numeric_limits<std::int64_t>::max() / 1000;  // in microseconds
  return instant{std::chrono::milliseconds{std::min(milliseconds, longest)}};
}

std::string key_of(const outbox_place& p) {
  return text_of(p.queue) + text_of(milliseconds_of(p.due)) + text_of(p.id);
}

outbox_place place_of(std::string_view key) {
  return {number_of(key), instant_of(number_of(key.substr(number_size))),
          number_of(key.substr(2 * number_size))};
}

dead_entry dead_entry_of(std::string_view name, std::string_view record) {
  return {std::string{name}, instant_of(number_of(name)), std::string{record}};
}

}  // namespace

result<outbox> outbox::open(std::shared_ptr<environment> env, const outbox_options& options) {
  outbox out{env, options};
  for (const auto& [name, table] :
       {std::pair{"outbox", &out.entries_}, std::pair{"outbox.dead", &out.dead_},
        std::pair{"outbox.ids", &out.ids_}}) {
    auto opened = env->table(name);
    if (!opened) return opened.error();
    *table = *opened;
  }
  return out;
}

std::uint64_t outbox::new_ids(transaction& t, std::uint64_t count) const {
  const auto kept = t.get(ids_, next);
  const auto id = kept ? number_of(*kept) : 0;
  t.put(ids_, next, text_of(id + count));
  return id;
}

std::optional<outbox_place> outbox::put(transaction& t, std::uint64_t queue, instant due,
                                        std::uint64_t id, std::string_view record) const {
  if (t.size(entries_) >= options_.max_entries) return std::nullopt;
  const outbox_place place{queue, instant_of(milliseconds_of(due)), id};
  t.put(entries_, key_of(place), record);
  return place;
}

bool outbox::erase(transaction& t, const outbox_place& place) const {
  return t.erase(entries_, key_of(place));
}

std::optional<outbox_place> outbox::postpone(transaction& t, const outbox_place& place, instant due,
                                             std::string_view record) const {
  if (!erase(t, place)) return std::nullopt;
  const outbox_place later{place.queue, instant_of(milliseconds_of(due)), place.id};
  t.put(entries_, key_of(later), record);
  return later;
}

std::size_t outbox::bury(transaction& t, const outbox_place& place, instant now,
                         std::string_view record) const {
  if (!erase(t, place)) return 0;
  // Where fewer are kept than before, the rest goes little by little.
  constexpr std::size_t at_a_time = 100;
  const auto most = std::max<std::uint64_t>(options_.max_dead, 1);
  std::size_t forgotten = 0;
  for (; t.size(dead_) >= most && forgotten < at_a_time; ++forgotten) {
    std::string oldest;
    t.scan(dead_, {}, [&](std::string_view key, std::string_view) {
      oldest = key;
      return false;
    });
    t.erase(dead_, oldest);
  }
  t.put(dead_, text_of(milliseconds_of(now)) + text_of(place.id), record);
  return forgotten;
}

std::optional<std::string> outbox::exhume(transaction& t, std::string_view name) const {
  const auto kept = name.size() == 2 * number_size ? t.get(dead_, name) : std::nullopt;
  if (!kept) return std::nullopt;
  std::string record{*kept};
  t.erase(dead_, name);
  return record;
}

void outbox::touch(transaction& t) const {
  const auto kept = t.get(ids_, next);
  t.put(ids_, next, text_of(kept ? number_of(*kept) : 0));
}

result<bool> outbox::each(
    std::uint64_t queue, const outbox_place& from,
    const std::function<bool(const outbox_place&, std::string_view)>& visit) const {
  auto start = from;
  start.queue = queue;
  return env_->read([&](const transaction& t) {
    t.scan(entries_, key_of(start), [&](std::string_view key, std::string_view record) {
      return number_of(key) == queue && visit(place_of(key), record);
    });
  });
}

result<std::vector<outbox_entry>> outbox::some(std::uint64_t queue, const outbox_place& from,
                                               std::size_t most) const {
  std::vector<outbox_entry> out;
  const auto done = each(queue, from, [&](const outbox_place& place, std::string_view record) {
    if (out.size() >= most) return false;
    out.push_back({place, std::string{record}});
    return true;
  });
  if (!done) return done.error();
  return out;
}

result<std::vector<outbox_place>> outbox::first_of_each(std::size_t most) const {
  std::vector<outbox_place> out;
  const auto done = env_->read([&](const transaction& t) {
    out.clear();
    std::string from;
    for (bool more = most > 0; more;) {
      more = false;
      t.scan(entries_, from, [&](std::string_view key, std::string_view) {
        out.push_back(place_of(key));
        more = out.size() < most && out.back().queue != std::numeric_limits<std::uint64_t>::max();
        return false;
      });
      if (more) from = text_of(out.back().queue + 1);
    }
  });
  if (!done) return done.error();
  return out;
}

result<std::uint64_t> outbox::count(std::uint64_t queue, std::uint64_t most) const {
  std::uint64_t out = 0;
  const auto done = env_->read([&](const transaction& t) {
    out = 0;
    t.scan(entries_, text_of(queue), [&](std::string_view key, std::string_view) {
      if (out >= most || number_of(key) != queue) return false;
      ++out;
      return true;
    });
  });
  if (!done) return done.error();
  return out;
}

result<std::uint64_t> outbox::ids_given() const {
  std::uint64_t out = 0;
  const auto done = env_->read([&](const transaction& t) {
    const auto kept = t.get(ids_, next);
    out = kept ? number_of(*kept) : 0;
  });
  if (!done) return done.error();
  return out;
}

result<std::vector<dead_entry>> outbox::dead(std::string_view after, std::size_t most) const {
  std::vector<dead_entry> out;
  const auto done = env_->read([&](const transaction& t) {
    out.clear();
    t.scan(dead_, after, [&](std::string_view key, std::string_view record) {
      if (out.size() >= most) return false;
      if (key != after) out.push_back(dead_entry_of(key, record));
      return true;
    });
  });
  if (!done) return done.error();
  return out;
}

result<std::optional<dead_entry>> outbox::find_dead(std::string_view name) const {
  std::optional<dead_entry> out;
  const auto done = env_->read([&](const transaction& t) {
    const auto kept = name.size() == 2 * number_size ? t.get(dead_, name) : std::nullopt;
    if (kept) out = dead_entry_of(name, *kept);
  });
  if (!done) return done.error();
  return out;
}

}  // namespace interlude::storage
