// What a decision actor remembers, of this life and of those before.
#include <algorithm>
#include <caf/all.hpp>

#include "actors/decision/decision.hpp"

namespace interlude {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t most_recorded = 1024 * 1024;  // of one decision

// As long as it says itself, if that is shorter.
duration fresh_for(const ads_found& found, const decision_keeping& keeping) {
  if (found.candidates.empty()) return keeping.refusal;
  duration lasts = keeping.fresh;
  for (const auto& c : found.candidates)
    if (c.ad->content.expires) lasts = std::min<duration>(lasts, *c.ad->content.expires);
  return lasts;
}

}  // namespace

// In memory, or in the store: what it keeps of another life answers as if it had come just then.
std::optional<kept_decision> decision_state::known(const std::string& key,
                                                   const decision_wanted& question) {
  if (auto kept = arguments_.cache->find(key, wall())) return kept;
  const auto record = arguments_.cache->stored(key, wall());
  if (!record) return std::nullopt;
  const auto server =
      std::find_if(question.servers.begin(), question.servers.end(),
                   [&](const inquiry_settings& s) { return s.url == record->server; });
  if (server == question.servers.end()) return std::nullopt;
  auto again = replay(*record, *server, question.who, question.what);
  if (again.candidates.empty()) return std::nullopt;
  auto found = std::make_shared<ads_found>();
  found->candidates = std::move(again.candidates);
  found->server = server_of(*server);
  found->tier = tier_of(*server);
  found->asked_at = record->asked_at;
  found->reports.push_back({found->server,
                            {},
                            again.requests,
                            std::move(again.notices),
                            again.outcome,
                            found->candidates.size(),
                            0ms});
  kept_decision kept{std::move(found), record->fresh_until, record->stale_until};
  arguments_.cache->keep(key, kept);
  arguments_.cache->counters.restored.fetch_add(1, std::memory_order_relaxed);
  return kept;
}

decision_made decision_state::keep(const run& r, std::shared_ptr<const ads_found> found) {
  const auto t = wall();
  const auto& keeping = r.question.keeping;
  const auto fresh_until = t + fresh_for(*found, keeping);
  if (!found->candidates.empty()) {
    const kept_decision kept{found, fresh_until, fresh_until + keeping.stale};
    arguments_.cache->keep(r.key, kept);
    store(r, kept);
    return {std::move(found), false, {}};
  }
  // An ad server that fails now takes nothing away of what it said before.
  auto before = arguments_.cache->find(r.key, t);
  if (before && !before->found->candidates.empty()) {
    arguments_.cache->keep(r.key, {before->found, fresh_until, before->stale_until});
    return {std::move(before->found), true, {}};
  }
  arguments_.cache->keep(r.key, {found, fresh_until, fresh_until});
  return {std::move(found), false, {}};
}

void decision_state::store(const run& r, const kept_decision& kept) {
  const auto& table = arguments_.cache->table();
  if (!table || !arguments_.writer || r.recorded_bytes > most_recorded) return;
  decision_record record{r.question.servers[r.server].url, wall(), kept.fresh_until,
                         kept.stale_until, r.answers};
  caf::anon_send(arguments_.writer,
                 store_write{[table, key = r.key, text = write_decision_record(record)](
                                 storage::transaction& t) { table->put(t, key, text); }});
}

}  // namespace interlude
