// What operators ask of the creative actor: what there is, what failed; once more, or away with it.
#include <algorithm>
#include <caf/all.hpp>

#include "actors/creative/creative_actor.hpp"

namespace interlude {

namespace {

constexpr std::size_t longest_page = 1000;

creative_status status_of(const std::string& key, const shelved_creative& c) {
  creative_status s;
  s.key = key;
  s.stage = c.withdrawn ? creative_stage::withdrawn : creative_stage::ready;
  s.source = c.media->source;
  s.length = c.media->total;
  s.loudness = c.loudness;
  s.bytes = c.bytes;
  s.used = c.used;
  return s;
}

creative_status status_of(const std::string& key, const setback& b) {
  creative_status s;
  s.key = key;
  s.stage = b.quarantined ? creative_stage::quarantined : creative_stage::failed;
  s.source = b.source;
  s.until = b.until;
  s.failures = b.failures;
  s.why = b.why;
  return s;
}

// Up to `limit` of a table, from the first after `after`.
template <class Table, class Make>
void add(const Table& table, const std::string& after, std::size_t limit,
         std::vector<creative_status>& out, Make make) {
  auto it = after.empty() ? table.begin() : table.upper_bound(after);
  for (; it != table.end() && limit > 0; ++it, --limit) out.push_back(make(it->first, it->second));
}

}  // namespace

std::string_view to_string(creative_stage stage) {
  switch (stage) {
    case creative_stage::queued:
      return "queued";
    case creative_stage::fetching:
      return "fetching";
    case creative_stage::conditioning:
      return "conditioning";
    case creative_stage::ready:
      return "ready";
    case creative_stage::withdrawn:
      return "withdrawn";
    case creative_stage::failed:
      return "failed";
    case creative_stage::quarantined:
      return "quarantined";
  }
  return "queued";
}

void creative_state::on(const creatives_wanted& m) {
  creative_page page;
  page.bytes = shelf_.bytes();
  page.budget = options_.shelf.bytes;
  const auto limit = std::clamp<std::size_t>(m.limit, 1, longest_page);
  auto& list = page.creatives;
  // One more than is asked for tells whether there is more.
  add(shelf_.all(), m.after, limit + 1, list,
      [](const auto& key, const auto& c) { return status_of(key, c); });
  add(setbacks_.all(), m.after, limit + 1, list,
      [](const auto& key, const auto& b) { return status_of(key, b); });
  add(jobs_, m.after, limit + 1, list, [](const auto& key, const job& j) {
    creative_status s;
    s.key = key;
    s.stage = j.stage;
    s.source = j.work.shown;
    return s;
  });
  std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
  if (list.size() > limit) {
    list.resize(limit);
    page.next = list.back().key;
  }
  m.done(std::move(page));
}

void creative_state::on(const retry_wanted& m) {
  if (!setbacks_.clear(m.key))
    return m.done(error{errc::not_found, m.key, "no source of this key has failed"});
  drop(arguments_.tables.setbacks, m.key);
  take_stock();
  m.done(true);
}

void creative_state::on(const removal_wanted& m) {
  if (!shelf_.withdraw(m.key))
    return m.done(error{errc::not_found, m.key, "no creative of this key has been made"});
  arguments_.store->withdraw(m.key);
  keep(arguments_.tables.catalogue, m.key, record_of(*shelf_.entry(m.key)));
  make_room();
  m.done(true);
}

}  // namespace interlude
