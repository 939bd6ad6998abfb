#include "actors/timeline_keeper.hpp"

#include <utility>

namespace interlude {

result<std::optional<stitch::timeline_state>> timeline_keeper::read() const {
  if (!table_) return std::optional<stitch::timeline_state>{};
  const auto channel = table_->find(path_);
  if (!channel) return channel.error();
  if (!*channel) return std::optional<stitch::timeline_state>{};
  const auto prefix = record_of({});
  auto parts = table_->beginning_with(prefix);
  if (!parts) return parts.error();
  stitch::kept_timeline kept{**channel, {}};
  for (auto& [key, text] : *parts) kept.audiences[key.substr(prefix.size())] = std::move(text);
  auto state = stitch::read_timeline_state(kept);
  if (!state) return state.error();
  return std::optional{*std::move(state)};
}

void timeline_keeper::drop(const std::string& audience) {
  if (!table_) return;
  audiences_.erase(audience);
  dropped_.push_back(record_of(audience));
}

void timeline_keeper::collect_audiences(stitch::channel_timeline& t,
                                        std::vector<std::pair<std::string, std::string>>& records) {
  const auto note = [&](const std::string& key) {
    const auto& a = t.state_of(key);
    auto marks = stitch::marks_of(a);
    const auto [it, added] = audiences_.try_emplace(key);
    if (!added && it->second == marks) return;
    it->second = std::move(marks);
    records.emplace_back(record_of(key), stitch::write_audience(a, creatives_));
  };
  const auto changed = t.take_changed();
  const bool anew = !channel_ || creatives_.size() > 2 * creatives_needed_ + 64;
  if (!anew) {
    for (const auto& key : changed) note(key);
    return;
  }
  // The table of creatives is begun anew: those that nothing names any more are not in it.
  audiences_.clear();
  creatives_.clear();
  channel_.reset();
  for (const auto& key : t.audience_keys()) note(key);
  creatives_needed_ = creatives_.size();
}

std::optional<store_write> timeline_keeper::changes(stitch::channel_timeline& t, bool follows) {
  if (!table_) return std::nullopt;
  if (lost_ && !follows) {
    channel_.reset();
    lost_ = false;
  }
  std::vector<std::pair<std::string, std::string>> records;
  const auto known = creatives_.size();
  collect_audiences(t, records);
  auto marks = t.marks();
  if (channel_ != marks || creatives_.size() != known || !records.empty()) {
    channel_ = std::move(marks);
    records.emplace_back(path_, stitch::write_channel(t.channel_state(), creatives_));
  }
  // One that was dropped may be there again.
  auto dropped = std::exchange(dropped_, {});
  if (records.empty() && dropped.empty()) return std::nullopt;
  return store_write{[table = table_, records = std::move(records),
                      dropped = std::move(dropped)](storage::transaction& w) {
    for (const auto& key : dropped) table->erase(w, key);
    for (const auto& [key, text] : records) table->put(w, key, text);
  }};
}

}  // namespace interlude
