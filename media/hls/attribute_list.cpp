#include "media/hls/attribute_list.hpp"

#include <charconv>

namespace interlude::hls {

namespace {

std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<attribute> attribute_list::take(std::string_view& rest) noexcept {
  rest = trim(rest);
  while (!rest.empty() && rest.front() == ',') rest = trim(rest.substr(1));
  if (rest.empty()) return std::nullopt;
  attribute a;
  const auto equals = rest.find_first_of("=,");
  a.name = trim(rest.substr(0, equals));
  if (equals == std::string_view::npos || rest[equals] == ',') {
    rest = equals == std::string_view::npos ? std::string_view{} : rest.substr(equals + 1);
    return a;
  }
  rest = trim(rest.substr(equals + 1));
  if (!rest.empty() && rest.front() == '"') {
    a.quoted = true;
    const auto end = rest.find('"', 1);
    a.value = rest.substr(1, end == std::string_view::npos ? end : end - 1);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    const auto comma = rest.find(',');
    rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
    return a;
  }
  const auto comma = rest.find(',');
  a.value = trim(rest.substr(0, comma));
  rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
  return a;
}

std::optional<attribute> attribute_list::find(std::string_view name) const noexcept {
  auto rest = text_;
  while (auto next = take(rest))
    if (next->name == name) return next;
  return std::nullopt;
}

std::optional<std::string_view> attribute_list::text(std::string_view name) const noexcept {
  const auto found = find(name);
  return found ? std::optional{found->value} : std::nullopt;
}

std::optional<std::uint64_t> attribute_list::integer(std::string_view name) const noexcept {
  const auto found = find(name);
  if (!found) return std::nullopt;
  std::uint64_t value = 0;
  const auto* end = found->value.data() + found->value.size();
  const auto [at, ec] = std::from_chars(found->value.data(), end, value);
  return ec == std::errc{} && at == end ? std::optional{value} : std::nullopt;
}

std::optional<duration> attribute_list::seconds(std::string_view name) const noexcept {
  const auto found = find(name);
  return found ? parse_seconds(found->value) : std::nullopt;
}

std::optional<instant> attribute_list::date(std::string_view name) const noexcept {
  const auto found = find(name);
  return found ? parse_iso8601(found->value) : std::nullopt;
}

bool attribute_list::yes(std::string_view name) const noexcept {
  return text(name) == "YES";
}

}  // namespace interlude::hls
