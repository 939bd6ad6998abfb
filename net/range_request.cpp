#include "net/range_request.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace interlude::net {

namespace {

// Digits and nothing else.
std::optional<std::uint64_t> number_of(std::string_view text) noexcept {
  std::uint64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return value;
}

}  // namespace

requested_range read_range(std::string_view field, std::size_t body_size) noexcept {
  constexpr std::string_view unit = "bytes=";
  if (!field.starts_with(unit)) return {};
  field.remove_prefix(unit.size());
  const auto dash = field.find('-');
  if (dash == std::string_view::npos) return {};
  const auto first = number_of(field.substr(0, dash));
  const auto last = number_of(field.substr(dash + 1));
  const requested_range none{range_kind::unsatisfiable, {}};
  if (dash == 0) {  // the last so many bytes
    if (!last) return {};
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(*last, body_size));
    if (size == 0) return none;
    return {range_kind::part, {body_size - size, size}};
  }
  const bool open = dash + 1 == field.size();
  if (!first || (!open && (!last || *last < *first))) return {};
  if (*first >= body_size) return none;
  const auto offset = static_cast<std::size_t>(*first);
  const auto rest = body_size - offset;
  if (open) return {range_kind::part, {offset, rest}};
  // Not last - first + 1 first: it may not fit.
  const auto size = *last - *first < rest ? static_cast<std::size_t>(*last - *first + 1) : rest;
  return {range_kind::part, {offset, size}};
}

}  // namespace interlude::net
