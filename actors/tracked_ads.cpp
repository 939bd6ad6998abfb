#include "actors/tracked_ads.hpp"

#include <boost/json.hpp>

#include "actors/creative/creative_identity.hpp"
#include "ads/vast/parse.hpp"
#include "ads/vast/write.hpp"

namespace interlude {

namespace {

constexpr std::size_t name_size = 32;  // hex digits
constexpr std::size_t most_names = 4096;

namespace json = boost::json;

// [["breakStart","https://..."]]
std::string write_break_events(const std::vector<vast::tracking>& events) {
  json::array out;
  for (const auto& t : events) out.push_back(json::array{t.event, t.url});
  return json::serialize(out);
}

bool read_break_events(std::string_view text, std::vector<vast::tracking>& out) {
  boost::system::error_code ec;
  json::parse_options options;
  options.allow_invalid_utf8 = true;  // they are kept as they came, in whatever encoding
  const auto all = json::parse(text, ec, {}, options);
  if (ec || !all.is_array()) return false;
  for (const auto& one : all.get_array()) {
    const auto* pair = one.if_array();
    if (pair == nullptr || pair->size() != 2 || !(*pair)[0].is_string() || !(*pair)[1].is_string())
      return false;
    out.push_back({std::string{(*pair)[0].get_string()}, std::string{(*pair)[1].get_string()}, {}});
  }
  return true;
}

// Tier, server, events of the break (if it has any), and the ad as VAST, in lines.
std::string write_tracked(const tracked_ad& ad) {
  auto out = ad.tier + '\n' + ad.server + '\n';
  if (!ad.break_events.empty()) out += write_break_events(ad.break_events) + '\n';
  return out + vast::write_vast(ad.content);
}

tracked_ad_ptr read_tracked(std::string_view text) {
  const auto first = text.find('\n');
  const auto second = first == text.npos ? first : text.find('\n', first + 1);
  if (second == text.npos) return nullptr;
  auto rest = text.substr(second + 1);
  std::vector<vast::tracking> break_events;
  if (rest.starts_with('[')) {
    const auto third = rest.find('\n');
    if (third == rest.npos || !read_break_events(rest.substr(0, third), break_events))
      return nullptr;
    rest.remove_prefix(third + 1);
  }
  auto vast = vast::parse_vast(rest);
  if (!vast || vast->ads.size() != 1) return nullptr;
  tracked_ad out{std::string{text.substr(0, first)},
                 std::string{text.substr(first + 1, second - first - 1)},
                 std::move(vast->ads.front()), std::move(break_events)};
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
  static const std::vector<vast::tracking> none;
  auto text =
      write_tracked({tier, server, ad->content, ad->break_events ? *ad->break_events : none});
  auto name = sha256_of(text).substr(0, name_size);
  auto kept = read_tracked(text);
  if (!kept) return {std::move(name), {}};  // it plays, and nothing is known of it
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

result<tracked_ad_ptr> tracked_ads::find(std::string_view name) {
  {
    const std::lock_guard lock{mutex_};
    if (const auto it = ads_.find(name); it != ads_.end()) {
      order_.splice(order_.begin(), order_, it->second.used);
      return it->second.ad;
    }
  }
  if (!table_) return tracked_ad_ptr{};
  const auto text = table_->find(name);
  if (!text) return text.error();
  auto ad = *text ? read_tracked(**text) : nullptr;
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
