#include "actors/analytics/tally.hpp"

#include <algorithm>

#include "actors/creative/creative_identity.hpp"
#include "media/core/clipped.hpp"

namespace interlude {

namespace {

constexpr char between = '\0';
constexpr std::size_t longest_part = 80;
constexpr std::size_t hash_size = 32;

// Safe between zeros, and as long as there is room for.
std::string part_of(std::string_view text) {
  std::string out{text};
  if (text.size() > longest_part)
    out = clipped(text, longest_part - hash_size - 4) + '~' + short_name(text);
  std::replace(out.begin(), out.end(), between, ' ');
  return out;
}

// "progress-5000" is one of many.
std::string_view sort_of(std::string_view event) {
  return event.substr(0, event.find('-'));
}

}  // namespace

std::string write_counter(counter_kind kind, const std::vector<std::string_view>& parts) {
  std::string out{static_cast<char>(kind)};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += between;
    out += parts[i];
  }
  return out;
}

counter_name read_counter(std::string_view name) {
  counter_name out;
  if (name.empty()) return out;
  out.kind = static_cast<counter_kind>(name.front());
  name.remove_prefix(1);
  for (auto& part : out.parts) {
    part = name.substr(0, name.find(between));
    name.remove_prefix(std::min(part.size() + 1, name.size()));
  }
  return out;
}

std::vector<tally> tallies_of(const counted_event& e, instant at) {
  const auto when = storage::hour_of(at);
  const auto ad = part_of(e.ad), creative = part_of(e.creative), event = part_of(e.event);
  const auto whose = e.by_player ? tracked_by_client : tracked_by_server;
  std::vector<tally> out;
  out.push_back(
      {e.channel, when, write_counter(counter_kind::event, {whose, e.tier, ad, creative, event}),
       write_counter(counter_kind::event, {whose, e.tier, other_ads, other_ads, sort_of(event)}),
       1});
  if (e.shown <= duration{0}) return out;
  out.push_back({e.channel, when, write_counter(counter_kind::shown, {whose, e.tier, ad, creative}),
                 write_counter(counter_kind::shown, {whose, e.tier, other_ads, other_ads}),
                 static_cast<std::uint64_t>(e.shown.count())});
  return out;
}

void add(const storage::counter_table& counters, storage::transaction& t, const tally& what) {
  if (what.otherwise.empty())
    counters.add_always(t, what.channel, what.when, what.name, what.count);
  else if (!counters.add(t, what.channel, what.when, what.name, what.count))
    counters.add_always(t, what.channel, what.when, what.otherwise, what.count);
}

}  // namespace interlude
