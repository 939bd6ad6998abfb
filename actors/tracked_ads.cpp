#include "actors/tracked_ads.hpp"

#include "actors/creative/creative_identity.hpp"
#include "ads/vast/parse.hpp"
#include "ads/vast/write.hpp"

namespace interlude {

namespace {

constexpr std::size_t name_size = 32;  // hex digits
constexpr std::size_t most_names = 4096;

std::string write_tracked(const tracked_ad& ad) {
  return ad.tier + '\n' + ad.server + '\n' + vast::write_vast(ad.content);
}

tracked_ad_ptr read_tracked(std::string_view text) {
  const auto first = text.find('\n');
  const auto second = first == text.npos ? first : text.find('\n', first + 1);
  if (second == text.npos) return nullptr;
  auto vast = vast::parse_vast(text.substr(second + 1));
  if (!vast || vast->ads.size() != 1) return nullptr;
  tracked_ad out{std::string{text.substr(0, first)},
                 std::string{text.substr(first + 1, second - first - 1)},
                 std::move(vast->ads.front())};
  return std::make_shared<const tracked_ad>(std::move(out));
}

}  // namespace

// What is remembered is what another life would read.
tracked_ads::kept_ad tracked_ads::keep(const std::shared_ptr<const vast::resolved_ad>& ad,
                                       const std::string& tier, const std::string& server) {
  {
    const std::lock_guard lock{mutex_};
    if (const auto it = names_.find(ad.get()); it != names_.end()) return {it->second.name, {}};
  }
  auto text = write_tracked({tier, server, ad->content});
  auto name = sha256_of(text).substr(0, name_size);
  auto kept = read_tracked(text);
  if (!kept) return {};
  const std::lock_guard lock{mutex_};
  remember(name, std::move(kept));
  if (names_.size() >= most_names) names_.clear();
  names_[ad.get()] = {ad, name};
  if (!table_) return {std::move(name), {}};
  store_write write{[table = table_, name, text = std::move(text)](storage::transaction& t) {
    table->put(t, name, text);
  }};
  return {std::move(name), std::move(write)};
}

tracked_ad_ptr tracked_ads::find(std::string_view name) {
  {
    const std::lock_guard lock{mutex_};
    if (const auto it = ads_.find(name); it != ads_.end()) {
      order_.splice(order_.begin(), order_, it->second.used);
      return it->second.ad;
    }
  }
  if (!table_) return nullptr;
  const auto text = table_->find(name);
  auto ad = text && *text ? read_tracked(**text) : nullptr;
  const std::lock_guard lock{mutex_};
  if (ad) remember(std::string{name}, ad);
  return ad;
}

// Under the lock.
void tracked_ads::remember(const std::string& name, tracked_ad_ptr ad) {
  if (ads_.contains(name)) return;
  order_.push_front(name);
  ads_.emplace(name, entry{std::move(ad), order_.begin()});
  if (ads_.size() <= capacity_) return;
  ads_.erase(order_.back());
  order_.pop_back();
}

}  // namespace interlude
