#include "ads/consent/consent_of.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace interlude::ads {

namespace {

constexpr std::size_t longest_value = 8 * 1024;
constexpr std::size_t most_sections = 32;

// In doubt, yes: each of these protects the viewer.
bool says_yes(std::string_view text) {
  return text != "0" && text != "false";
}

// "2,6". What is no number names no section.
std::vector<int> sections_of(std::string_view text) {
  std::vector<int> out;
  while (!text.empty() && out.size() < most_sections) {
    const auto part = text.substr(0, text.find(','));
    int id = 0;
    const auto* end = part.data() + part.size();
    const auto [at, ec] = std::from_chars(part.data(), end, id);
    if (ec == std::errc{} && at == end) out.push_back(id);
    text.remove_prefix(std::min(part.size() + 1, text.size()));
  }
  return out;
}

void take(consent& c, std::string_view name, const std::string& value) {
  if (name == "gdpr")
    c.gdpr_applies = says_yes(value);
  else if (name == "gdpr_consent")
    c.tcf = value;
  else if (name == "us_privacy")
    c.us_privacy = value;
  else if (name == "gpp")
    c.gpp = value;
  else if (name == "gpp_sid")
    c.gpp_sections = sections_of(value);
  else if (name == "lat" || name == "dnt")
    c.limits_tracking = c.limits_tracking || says_yes(value);
}

}  // namespace

bool is_consent_parameter(std::string_view name) noexcept {
  constexpr auto names = std::to_array<std::string_view>(
      {"gdpr", "gdpr_consent", "us_privacy", "gpp", "gpp_sid", "lat", "dnt"});
  return std::find(names.begin(), names.end(), name) != names.end();
}

result<consent> consent_of(const consent_parameters& given,
                           std::string_view global_privacy_control) {
  consent c;
  for (const auto& [name, value] : given) {
    if (value.empty() || !is_consent_parameter(name)) continue;
    if (value.size() > longest_value)
      return error{errc::too_large, name, "at most 8192 characters are expected"};
    take(c, name, value);
  }
  // "1" is the only value that there is (Global Privacy Control, section 2.3).
  if (global_privacy_control == "1") c.limits_tracking = true;
  return c;
}

}  // namespace interlude::ads
