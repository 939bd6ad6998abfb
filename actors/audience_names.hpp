// How audiences are called: "<how they are shown ads>[/<who they are>]", as in "stitched",
// "guided/country=DE", "joined-441797/viewer=...".
//
// The first part says how playlists come to be: all stitched viewers have their ads spliced in, all
// guided ones are told of them, and those who joined together are shown something of their own
// first. The second is a cohort's name (ads/audience); viewers of one cohort share decisions
// whatever the first part is.
#pragma once

#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "actors/channel_settings.hpp"
#include "media/core/time.hpp"

namespace interlude {

constexpr const char* stitched_audience = "stitched";
constexpr const char* guided_audience = "guided";

// Those who joined in the same four seconds, and are shown something else than the others ever
// since (media/stitch/joining.hpp). Named by their number, that of the four seconds.
constexpr std::chrono::seconds joined_together{4};
constexpr std::string_view joined_prefix = "joined-";
// So many at a time, in one channel; who joins when there are more is shown what all are.
constexpr std::size_t max_joined_audiences = 32;

inline std::string audience_key(std::string_view shown, std::string_view cohort) {
  std::string out{shown};
  if (!cohort.empty()) out.append("/").append(cohort);
  return out;
}
inline std::string_view shown_part(std::string_view audience) {
  return audience.substr(0, audience.find('/'));
}
inline std::string_view cohort_part(std::string_view audience) {
  const auto at = audience.find('/');
  return at == std::string_view::npos ? std::string_view{} : audience.substr(at + 1);
}
inline bool is_guided(std::string_view audience) {
  return shown_part(audience) == guided_audience;
}

inline std::uint64_t joined_number(instant at) {
  return static_cast<std::uint64_t>(
      std::chrono::floor<std::chrono::seconds>(at).time_since_epoch() / joined_together);
}
inline instant joined_at(std::uint64_t number) {
  return instant{} + number * joined_together;
}
inline std::string joined_name(std::uint64_t number) {
  return std::string{joined_prefix} + std::to_string(number);
}
// nullopt for those who did not join.
inline std::optional<std::uint64_t> joined_number(std::string_view audience) {
  std::uint64_t n = 0;
  auto text = shown_part(audience);
  if (!text.starts_with(joined_prefix)) return std::nullopt;
  text.remove_prefix(joined_prefix.size());
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, n);
  return read.ec == std::errc{} && read.ptr == end ? std::optional{n} : std::nullopt;
}

// Of one channel at a time, those who join included: the token of a session is good for a day, and
// somebody may have kept many.
inline std::size_t most_audiences(const channel_settings& s) {
  return 2 * max_joined_audiences + (s.audiences.is_common() ? 0 : s.audiences.most);
}

}  // namespace interlude
