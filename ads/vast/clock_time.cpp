#include "ads/vast/parse.hpp"

namespace interlude::vast {

std::optional<duration> parse_clock_time(std::string_view text) {
  constexpr std::int64_t most_hours = 24;  // of an ad
  const auto first = text.find(':');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = text.find(':', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto hours = xml::whole_number(text.substr(0, first));
  const auto minutes = xml::whole_number(text.substr(first + 1, second - first - 1));
  const auto seconds = parse_seconds(text.substr(second + 1));
  if (!hours || !minutes || !seconds || *hours > most_hours || *minutes > 59 ||
      *seconds >= std::chrono::seconds{60})
    return std::nullopt;
  return std::chrono::hours{*hours} + std::chrono::minutes{*minutes} + *seconds;
}

std::optional<ad_position> parse_position(std::string_view text) {
  if (!text.ends_with('%')) {
    const auto time = parse_clock_time(text);
    return time ? std::optional{ad_position{*time, {}}} : std::nullopt;
  }
  text.remove_suffix(1);
  const auto percent = parse_seconds(text);  // decimal digits are decimal digits
  if (!percent || *percent > std::chrono::seconds{100}) return std::nullopt;
  return ad_position{duration{0}, to_seconds(*percent) / 100};
}

}  // namespace interlude::vast
