#include "ads/device/device_class.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "media/core/lowered.hpp"

namespace interlude::ads {

namespace {

constexpr std::size_t longest = 512;

std::string lower(std::string_view text) {
  return lowered(text.substr(0, longest));
}

struct rule {
  std::string_view mark;  // in lower case
  device_class means;
};

using enum device_class;

// The first mark that is found decides. Whatever names a device stands before what only names the
// system that it shares with others: an Xbox says Windows, a Windows phone says iPhone, a Fire TV
// and a Bravia say Android.
constexpr std::array devices = std::to_array<rule>({
    {"xbox", console},
    {"playstation", console},
    {"nintendo", console},
    {"windows phone", phone},
    {"iphone", phone},
    {"ipod", phone},
    {"ipad", tablet},
    {"oculusbrowser", headset},
    {"apple vision", headset},
    {"visionos", headset},
    {"android automotive", car},
    {"set-top", set_top_box},
    {"settop", set_top_box},
    {"stb/", set_top_box},
    {"_stb", set_top_box},
    {"; stb", set_top_box},
    {" stb ", set_top_box},
    {"infomir", set_top_box},
    {"freebox", set_top_box},
    {"tivo", set_top_box},
    {"apple tv", tv},
    {"appletv", tv},
    {"tvos", tv},
    {"roku", tv},
    {"smart-tv", tv},
    {"smarttv", tv},
    {"smart tv", tv},
    {"web0s", tv},
    {"webos", tv},
    {"netcast", tv},
    {"hbbtv", tv},
    {"vidaa", tv},
    {"viera", tv},
    {"bravia", tv},
    {"philipstv", tv},
    {"smartcast", tv},
    {"crkey", tv},
    {"chromecast", tv},
    {"android tv", tv},
    {"androidtv", tv},
    {"google tv", tv},
    {"googletv", tv},
    {"; aft", tv},  // Fire TV: AFTMM, AFTKA, ...
    {"fire tv", tv},
    {"mitv", tv},
    {"mibox", tv},
    {"pixel tablet", tablet},
    {"; sm-t", tablet},
    {"; sm-x", tablet},
    {"; sm-", phone},
    {"; pixel", phone},
    {"; kf", tablet},  // Fire tablets: KFMAWI, ...
});

constexpr std::array systems = std::to_array<rule>({
    {"windows nt", desktop},
    {"macintosh", desktop},
    {"x11", desktop},
    {"cros ", desktop},
});

template <std::size_t n>
std::optional<device_class> first_of(const std::array<rule, n>& rules, std::string_view text) {
  for (const auto& r : rules)
    if (text.find(r.mark) != std::string_view::npos) return r.means;
  return std::nullopt;
}

bool has(std::string_view text, std::string_view mark) {
  return text.find(mark) != std::string_view::npos;
}

// Tizen runs on televisions, watches and phones; only the last say Mobile. Android without Mobile
// is a tablet, but only browsers keep to that.
std::optional<device_class> by_system(std::string_view ua) {
  if (has(ua, "tizen")) return has(ua, "mobile") ? phone : tv;
  if (has(ua, "android")) {
    if (has(ua, "mobile")) return phone;
    return ua.starts_with("mozilla/") ? std::optional{tablet} : std::nullopt;
  }
  return first_of(systems, ua);
}

// A device may have several; it is what is carried, then what is worn, then the rest.
std::optional<device_class> by_form_factors(std::string_view hint) {
  constexpr auto factors = std::to_array<rule>({{"\"mobile\"", phone},
                                                {"\"tablet\"", tablet},
                                                {"\"eink\"", tablet},
                                                {"\"xr\"", headset},
                                                {"\"automotive\"", car},
                                                {"\"desktop\"", desktop}});
  return first_of(factors, hint);
}

std::optional<device_class> by_platform(const client_hints& hints) {
  if (hints.mobile == "?1") return phone;
  const auto platform = lower(hints.platform);
  if (platform == "\"android\"" && hints.mobile == "?0") return tablet;
  for (const auto* known : {"\"windows\"", "\"macos\"", "\"chrome os\"", "\"chromium os\""})
    if (platform == known) return desktop;
  return std::nullopt;
}

}  // namespace

const char* to_string(device_class d) noexcept {
  switch (d) {
    case phone:
      return "phone";
    case tablet:
      return "tablet";
    case desktop:
      return "desktop";
    case tv:
      return "tv";
    case set_top_box:
      return "set-top-box";
    case console:
      return "console";
    case headset:
      return "headset";
    case car:
      return "car";
    case unknown:
      break;
  }
  return "unknown";
}

device_class classify_device(std::string_view user_agent, const client_hints& hints) {
  const auto ua = lower(user_agent);
  if (const auto named = first_of(devices, ua)) return *named;
  if (const auto said = by_form_factors(lower(hints.form_factors))) return *said;
  if (const auto said = by_platform(hints)) return *said;
  return by_system(ua).value_or(unknown);
}

}  // namespace interlude::ads
