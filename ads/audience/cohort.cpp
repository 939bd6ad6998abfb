#include "ads/audience/cohort.hpp"

#include <algorithm>
#include <array>

#include "media/core/stable_hash.hpp"

namespace interlude::ads {

namespace {

constexpr std::size_t longest_value = 32;
constexpr std::size_t longest_cohort = 160;
constexpr std::string_view parameter_prefix = "ads.";

std::string digits_of(std::uint64_t number) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out(16, '0');
  for (std::size_t i = out.size(); i-- > 0; number >>= 4) out[i] = digits[number & 0xf];
  return out;
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

// '#' is in no plain value: nobody can name himself into the cohort of others.
std::string value_text(std::string_view value) {
  if (value.size() <= longest_value && std::all_of(value.begin(), value.end(), is_plain))
    return std::string{value};
  return '#' + digits_of(stable_hash(value));
}

bool withholds(const viewer& who) {
  return reason_to_withhold(who.allows) != nullptr;
}

std::string value_of(const viewer& who, std::string_view attribute, std::uint64_t buckets) {
  if (attribute == "country") return who.country;
  if (attribute == "region") return withholds(who) ? std::string{} : who.region;
  if (attribute == "device") return who.device_class;
  if (attribute == "consent") return withholds(who) ? "no" : "yes";
  if (attribute == "bucket") return std::to_string(bucket_of(who, buckets));
  const auto it = who.parameters.find(std::string{attribute.substr(parameter_prefix.size())});
  return it == who.parameters.end() ? std::string{} : it->second;
}

}  // namespace

bool is_attribute(std::string_view name) {
  constexpr std::array<std::string_view, 5> known = {"country", "region", "device", "consent",
                                                     "bucket"};
  return std::find(known.begin(), known.end(), name) != known.end() ||
         (name.starts_with(parameter_prefix) && name.size() > parameter_prefix.size());
}

std::uint64_t bucket_of(const viewer& who, std::uint64_t buckets) {
  return stable_hash(who.id.empty() ? who.session : who.id) % std::max<std::uint64_t>(1, buckets);
}

std::string cohort_of(const viewer& who, const audience_policy& policy) {
  if (policy.per_viewer) return "viewer=" + value_text(who.session);
  std::string out;
  for (const auto& a : policy.attributes)
    out += (out.empty() ? "" : ",") + value_text(a) + '=' +
           value_text(value_of(who, a, policy.buckets));
  return out.size() <= longest_cohort ? out : '#' + digits_of(stable_hash(out));
}

viewer common_to_cohort(const viewer& who, const audience_policy& policy) {
  if (policy.per_viewer) return who;
  viewer out;
  for (const auto& a : policy.attributes) {
    const auto value = value_of(who, a, policy.buckets);
    if (a == "country") out.country = value;
    if (a == "region") out.region = value;
    if (a == "device") out.device_class = value;
    if (a == "consent") out.allows.limits_tracking = value == "no";
    if (a == "bucket") out.bucket = value;
    if (a.starts_with(parameter_prefix) && !value.empty())
      out.parameters[a.substr(parameter_prefix.size())] = value;
  }
  return out;
}

}  // namespace interlude::ads
