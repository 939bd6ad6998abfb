#include "media/core/json_text.hpp"

#include <array>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <cmath>
#include <utility>

namespace interlude {

namespace {

namespace json = boost::json;

void write(std::string& out, const json::value& v, std::size_t depth);

void line(std::string& out, std::size_t depth) {
  out += '\n';
  out.append(2 * depth, ' ');
}

// JSON knows neither infinity nor "not a number".
void write(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  std::array<char, 400> text{};  // the largest double has 309 digits
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed).ptr;
  out.append(text.data(), end);
}

void write(std::string& out, const json::object& o, std::size_t depth) {
  out += '{';
  bool first = true;
  for (const auto& [key, value] : o) {
    if (!std::exchange(first, false)) out += ',';
    line(out, depth + 1);
    out += json::serialize(key) + ": ";
    write(out, value, depth + 1);
  }
  if (!o.empty()) line(out, depth);
  out += '}';
}

void write(std::string& out, const json::array& a, std::size_t depth) {
  out += '[';
  for (const auto& value : a) {
    if (&value != &a.front()) out += ',';
    line(out, depth + 1);
    write(out, value, depth + 1);
  }
  if (!a.empty()) line(out, depth);
  out += ']';
}

void write(std::string& out, const json::value& v, std::size_t depth) {
  if (const auto* o = v.if_object()) return write(out, *o, depth);
  if (const auto* a = v.if_array()) return write(out, *a, depth);
  if (const auto* d = v.if_double()) return write(out, *d);
  out += json::serialize(v);
}

}  // namespace

std::string indented_json(const json::value& v) {
  std::string out;
  write(out, v, 0);
  return out;
}

}  // namespace interlude
