#include "actors/decision/exposure_book.hpp"

#include <openssl/evp.h>

#include <algorithm>

#include "actors/kept_secret.hpp"

namespace interlude {

namespace {

using namespace std::chrono_literals;

// Breaks are decided some time before they begin; what is then too old may not be so for who joins
// meanwhile.
constexpr duration ahead = 1h;
constexpr std::size_t key_bytes = 16;
constexpr std::size_t most_passed_over = 8;  // when room is made

std::vector<refused_ad> refusals(std::span<const ads::pod_candidate> candidates,
                                 const std::vector<std::size_t>& places,
                                 const ads::pod_rules& rules, ads::exposure_history seen,
                                 instant at) {
  for (const auto i : places) seen.add(ads::exposure_of(candidates[i], at));
  std::vector<refused_ad> out;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (std::find(places.begin(), places.end(), i) != places.end()) continue;
    auto why = seen.why_not(ads::exposure_of(candidates[i], at), rules.frequency);
    const bool capped = why.has_value();
    out.push_back(
        {i, capped ? *std::move(why) : "there is no room for it beside the others", capped});
  }
  return out;
}

exposure_choice chosen_from(std::span<const ads::pod_candidate> candidates, duration budget,
                            const ads::pod_rules& rules, const ads::exposure_history& seen,
                            instant at) {
  exposure_choice out;
  out.places = ads::choose_pod(candidates, budget, rules, seen, at);
  out.refused = refusals(candidates, out.places, rules, seen, at);
  return out;
}

exposure_choice all_refused(std::size_t count, const std::string& why) {
  exposure_choice out;
  for (std::size_t i = 0; i < count; ++i) out.refused.push_back({i, why, true});
  return out;
}

bool is_stale(std::string_view record, instant now, duration keep) {
  auto r = read_exposures(record);
  if (!r) return true;
  r->seen.prune(now, keep);
  return r->seen.exposures().empty();
}

}  // namespace

result<std::shared_ptr<exposure_book>> exposure_book::open(
    std::shared_ptr<storage::environment> env, const exposure_book_options& options) {
  auto salt = kept_secret(*env, "viewers");
  if (!salt) return salt.error();
  auto records = storage::record_table::open(std::move(env), "exposures");
  if (!records) return records.error();
  return std::shared_ptr<exposure_book>{
      new exposure_book{*std::move(records), *std::move(salt), options}};
}

exposure_book::exposure_book(storage::record_table records, std::string salt,
                             const exposure_book_options& options)
    : records_(std::move(records)),
      salt_(std::move(salt)),
      keep_(options.keep + ahead),
      max_in_shard_(std::max<std::size_t>(1, options.max_viewers / shards_.size())) {}

std::string exposure_book::key_of(std::string_view viewer) const {
  const auto text = salt_ + std::string{viewer};
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  return {digest.begin(), digest.begin() + key_bytes};
}

exposure_book::shard& exposure_book::shard_of(const std::string& key) {
  return shards_[static_cast<unsigned char>(key.front()) % shards_.size()];
}

// What cannot be understood is as good as nothing, and will be overwritten.
result<exposure_book::known_viewer*> exposure_book::load(shard& s, const std::string& key) {
  if (const auto it = s.by_key.find(key); it != s.by_key.end()) {
    s.recent.splice(s.recent.begin(), s.recent, it->second);
    return &s.recent.front();
  }
  const auto kept = records_.find(key);
  if (!kept) return kept.error();
  auto record = *kept ? read_exposures(**kept) : exposure_record{};
  s.recent.push_front(
      {std::make_shared<const std::string>(key), record ? *std::move(record) : exposure_record{}});
  s.by_key.emplace(key, s.recent.begin());
  make_room(s);
  return &s.recent.front();
}

// Not of those with writes under way: the store knows less of them than is known here.
void exposure_book::make_room(shard& s) const {
  auto it = s.recent.end();
  for (std::size_t i = 0; i < most_passed_over && s.recent.size() > max_in_shard_; ++i) {
    if (--it == s.recent.begin()) return;
    if (it->key.use_count() > 1) continue;
    s.by_key.erase(*it->key);
    it = s.recent.erase(it);
  }
}

store_write exposure_book::changed(known_viewer& v) const {
  ++v.record.version;
  return {[records = records_, key = v.key, version = v.record.version,
           bytes = write_exposures(v.record)](storage::transaction& t) {
    if (const auto kept = records.find(t, *key)) {
      const auto record = read_exposures(*kept);
      if (record && record->version >= version) return;
    }
    records.put(t, *key, bytes);
  }};
}

exposure_choice exposure_book::choose(std::string_view viewer,
                                      std::span<const ads::pod_candidate> candidates,
                                      duration budget, const ads::pod_rules& rules, instant at) {
  if (viewer.empty() || rules.frequency.limits_nothing())
    return chosen_from(candidates, budget, rules, {}, at);
  const auto key = key_of(viewer);
  auto& s = shard_of(key);
  const std::lock_guard lock{s.guard};
  const auto v = load(s, key);
  if (!v)
    return all_refused(candidates.size(),
                       "what the viewer has seen cannot be read: " + v.error().message());
  auto& seen = (*v)->record.seen;
  auto out = chosen_from(candidates, budget, rules, seen, at);
  if (out.places.empty()) return out;
  seen.prune(at, std::max(keep_, rules.frequency.longest() + ahead));
  out.taken.viewer = key;
  for (const auto i : out.places) {
    out.taken.exposures.push_back(ads::exposure_of(candidates[i], at));
    seen.add(out.taken.exposures.back());
  }
  out.write = changed(**v);
  return out;
}

std::optional<store_write> exposure_book::give_back(const exposures_taken& taken) {
  if (taken.viewer.empty()) return std::nullopt;
  auto& s = shard_of(taken.viewer);
  const std::lock_guard lock{s.guard};
  const auto v = load(s, taken.viewer);
  if (!v) return std::nullopt;
  bool found = false;
  for (const auto& e : taken.exposures) found |= (*v)->record.seen.take_back(e);
  if (!found) return std::nullopt;
  return changed(**v);
}

std::optional<store_write> exposure_book::sweep(instant now, std::size_t most) {
  const std::lock_guard lock{sweeping_};
  const auto some = records_.some(next_to_sweep_, most);
  if (!some) return std::nullopt;
  next_to_sweep_ = some->empty() || some->size() < most ? "" : some->back().first + '\0';
  std::vector<std::string> stale;
  for (const auto& [key, record] : *some)
    if (is_stale(record, now, keep_)) stale.push_back(key);
  if (stale.empty()) return std::nullopt;
  return store_write{
      [records = records_, stale = std::move(stale), now, keep = keep_](storage::transaction& t) {
        for (const auto& key : stale)
          if (const auto record = records.find(t, key); record && is_stale(*record, now, keep))
            records.erase(t, key);
      }};
}

std::size_t exposure_book::viewers_in_memory() const {
  std::size_t sum = 0;
  for (const auto& s : shards_) {
    const std::lock_guard lock{s.guard};
    sum += s.recent.size();
  }
  return sum;
}

}  // namespace interlude
