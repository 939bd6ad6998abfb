#include "ads/house_pod.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace interlude::ads {

namespace {

constexpr std::size_t max_tags = 32;

bool plays(const house_terms& terms, const house_request& request) {
  const auto holds = [](const std::vector<std::string>& all, const std::string& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
  };
  const bool tagged =
      terms.tags.empty() || std::any_of(request.tags.begin(), request.tags.end(),
                                        [&](const auto& tag) { return holds(terms.tags, tag); });
  return tagged && (terms.countries.empty() || holds(terms.countries, request.country)) &&
         (!terms.from || *terms.from <= request.now) &&
         (!terms.until || request.now < *terms.until);
}

struct turn_taker {
  const std::string* name = nullptr;
  std::int64_t weight = 0, credit = 0;
  bool listed = false;
};

// Who is next: everybody earns its weight, and the richest (the first of several) pays for all.
turn_taker& next(std::vector<turn_taker>& all, std::int64_t total) {
  for (auto& t : all) t.credit += t.weight;
  auto& richest = *std::max_element(
      all.begin(), all.end(), [](const auto& a, const auto& b) { return a.credit < b.credit; });
  richest.credit -= total;
  return richest;
}

// The order of their next turns, after `ordinal` turns. Weights must not be zero.
void append_in_turn(std::vector<turn_taker> all, std::uint64_t ordinal,
                    std::vector<std::string>& out) {
  if (all.empty()) return;
  std::int64_t common = 0, total = 0;
  for (const auto& t : all) common = std::gcd(common, t.weight);
  for (auto& t : all) total += t.weight /= common;
  // After one round everything is as it was.
  for (auto i = ordinal % static_cast<std::uint64_t>(total); i > 0; --i) next(all, total);
  for (std::size_t left = all.size(); left > 0;) {
    auto& t = next(all, total);
    if (std::exchange(t.listed, true)) continue;
    out.push_back(*t.name);
    --left;
  }
}

}  // namespace

std::vector<std::string> house_pod(std::span<const house_ad_rule> ads,
                                   const house_request& request) {
  std::vector<turn_taker> weighted, last_resort;
  for (const auto& ad : ads) {
    if (!plays(ad.terms, request)) continue;
    const auto weight = static_cast<std::int64_t>(ad.terms.weight);
    (weight > 0 ? weighted : last_resort).push_back({&ad.name, std::max<std::int64_t>(weight, 1)});
  }
  std::vector<std::string> out;
  append_in_turn(std::move(weighted), request.ordinal, out);
  append_in_turn(std::move(last_resort), request.ordinal, out);
  return out;
}

std::vector<std::string> split_tags(std::string_view list) {
  std::vector<std::string> out;
  while (!list.empty() && out.size() < max_tags) {
    const auto comma = std::min(list.find(','), list.size());
    auto tag = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    const auto from = tag.find_first_not_of(' ');
    if (from == std::string_view::npos) continue;
    out.emplace_back(tag.substr(from, tag.find_last_not_of(' ') + 1 - from));
  }
  return out;
}

}  // namespace interlude::ads
