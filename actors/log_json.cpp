#include "actors/log_json.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>

#include "media/core/utf8.hpp"

namespace interlude {

namespace {

namespace json = boost::json;

constexpr std::string_view event_field = "event=";
constexpr std::string_view channel_prefix = "channel ";

// Bytes that belong to no character are taken one by one.
std::string as_utf8(std::string_view bytes) {
  if (is_utf8(bytes)) return std::string{bytes};
  std::string out;
  while (!bytes.empty()) {
    std::size_t length = 1;
    while (length < std::min<std::size_t>(4, bytes.size()) && !is_utf8(bytes.substr(0, length)))
      ++length;
    if (is_utf8(bytes.substr(0, length))) {
      out.append(bytes.substr(0, length));
      bytes.remove_prefix(length);
    } else {
      out += "\xef\xbf\xbd";
      bytes.remove_prefix(1);
    }
  }
  return out;
}

json::string text_of(std::string_view bytes) {
  return json::string{as_utf8(bytes)};
}

// What stands in quotes, from behind the first one; `rest` goes on behind the last.
std::string unquoted(std::string_view& rest) {
  std::string out;
  while (!rest.empty() && rest.front() != '"') {
    if (unsigned code = 0; rest.starts_with("\\u00") && rest.size() >= 6 &&
                           std::from_chars(&rest[4], &rest[4] + 2, code, 16).ec == std::errc{}) {
      out += static_cast<char>(code);
      rest.remove_prefix(6);
      continue;
    }
    if (rest.front() == '\\' && rest.size() > 1) rest.remove_prefix(1);
    out += rest.front();
    rest.remove_prefix(1);
  }
  if (!rest.empty()) rest.remove_prefix(1);
  return out;
}

// Fields that are numbers. All others are text whatever they hold: an ad's id may look like a
// number, and collectors want one type for a name.
constexpr std::array<std::string_view, 8> numbers = {"ads",    "attempts", "content", "duration",
                                                     "filled", "requests", "slate",   "took_ms"};

json::value value_of(std::string_view name, std::string_view bare) {
  boost::system::error_code ec;
  if (std::find(numbers.begin(), numbers.end(), name) != numbers.end())
    if (auto number = json::parse(bare, ec); !ec && number.is_number()) return number;
  return text_of(bare);
}

// False: it is not what log_line writes.
bool read_fields(std::string_view rest, json::object& out) {
  while (!rest.empty()) {
    const auto equals = rest.find('=');
    if (equals == rest.npos || equals == 0) return false;
    const auto name = rest.substr(0, equals);
    rest.remove_prefix(equals + 1);
    if (rest.starts_with('"')) {
      rest.remove_prefix(1);
      out[name] = text_of(unquoted(rest));
    } else {
      const auto end = std::min(rest.find(' '), rest.size());
      out[name] = value_of(name, rest.substr(0, end));
      rest.remove_prefix(end);
    }
    if (rest.starts_with(' ')) rest.remove_prefix(1);
  }
  return true;
}

void read_text(std::string_view text, json::object& out) {
  const auto end = text.find(": ");
  if (text.starts_with(channel_prefix) && end != text.npos) {
    out["channel"] = text_of(text.substr(channel_prefix.size(), end - channel_prefix.size()));
    text.remove_prefix(end + 2);
  }
  out["message"] = text_of(text);
}

}  // namespace

std::string log_json(std::string_view time, std::string_view level, std::string_view text) {
  json::object out{{"time", time}, {"level", level}};
  json::object fields;
  if (text.starts_with(event_field) && read_fields(text, fields))
    for (auto& [name, value] : fields) out[name] = std::move(value);
  else
    read_text(text, out);
  return json::serialize(out);
}

}  // namespace interlude
