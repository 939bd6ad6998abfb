#include "ads/macros/macros.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "media/core/utf8.hpp"

namespace interlude::ads {

namespace {

// The optional macros of VAST 4: where none is given, they are "-1". Those that are required, as
// [ERRORCODE], are given where they mean something. Sorted.
constexpr std::array optional_macros = std::to_array<std::string_view>({
    "ADCATEGORIES",
    "ADCOUNT",
    "ADPLAYHEAD",
    "ADSERVINGID",
    "ADTYPE",
    "APIFRAMEWORKS",
    "APPBUNDLE",
    "ASSETURI",
    "BLOCKEDADCATEGORIES",
    "BREAKMAXADLENGTH",
    "BREAKMAXADS",
    "BREAKMAXDURATION",
    "BREAKMINADLENGTH",
    "BREAKMINDURATION",
    "BREAKPOSITION",
    "CLICKPOS",
    "CLICKTYPE",
    "CLIENTUA",
    "CONTENTCAT",
    "CONTENTID",
    "CONTENTPLAYHEAD",
    "CONTENTURI",
    "DEVICEIP",
    "DEVICEUA",
    "DOMAIN",
    "DSAPARAMS",
    "DSAPUBRENDER",
    "DSAREQUIRED",
    "EXTENSIONS",
    "GDPRCONSENT",
    "GPPSECTIONID",
    "GPPSTRING",
    "IFA",
    "IFATYPE",
    "INVENTORYSTATE",
    "LATLONG",
    "MEDIAMIME",
    "MEDIAPLAYHEAD",
    "OMIDPARTNER",
    "PAGEURL",
    "PLACEMENTTYPE",
    "PLAYBACKMETHODS",
    "PLAYERCAPABILITIES",
    "PLAYERSIZE",
    "PLAYERSTATE",
    "PODSEQUENCE",
    "REGULATIONS",
    "SERVERSIDE",
    "SERVERUA",
    "STOREID",
    "STOREURL",
    "TRANSACTIONID",
    "UNIVERSALADID",
    "VASTVERSIONS",
    "VERIFICATIONVENDORS",
});
static_assert(std::is_sorted(optional_macros.begin(), optional_macros.end()));

constexpr bool is_letter_or_digit(char c) noexcept {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

constexpr std::size_t longest_name = 100;

constexpr bool is_name(std::string_view text) noexcept {
  return !text.empty() && text.size() <= longest_name &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_letter_or_digit(c) || c == '_' || c == '.' || c == '-';
         });
}

std::string percent_encoded(char c) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  return {'%', hex[byte >> 4], hex[byte & 0xF]};
}

bool is_control(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

// U+0000 to U+00FF, four digits.
std::string hex_of(char c) {
  constexpr std::string_view hex = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  return {'0', '0', hex[byte >> 4], hex[byte & 0xF]};
}

struct bracket {
  std::size_t at = std::string_view::npos, length = 0;
};

// `last`: of its percent-encoded form, "%5B" or "%5d".
bracket find_bracket(std::string_view text, std::size_t from, char plain, char last) noexcept {
  for (auto i = from; i < text.size(); ++i) {
    if (text[i] == plain) return {i, 1};
    if (text.substr(i, 2) == "%5" && text.size() - i > 2 && (text[i + 2] & ~0x20) == last)
      return {i, 3};
  }
  return {};
}

// Calls `f` with each name and where its brackets begin and end. False: they are no brackets of
// that name, and what is in them is looked at again.
template <class F>
void each_macro(std::string_view text, F f) {
  for (std::size_t at = 0;;) {
    const auto open = find_bracket(text, at, '[', 'B');
    if (open.at == std::string_view::npos) return;
    const auto inside = open.at + open.length;
    at = inside;
    // No further than a name can reach: a text of brackets alone must not be searched over and
    // over.
    const auto close = find_bracket(text.substr(0, inside + longest_name + 3), inside, ']', 'D');
    if (close.at == std::string_view::npos) continue;
    const auto name = text.substr(inside, close.at - inside);
    if (is_name(name) && f(name, open.at, close.at + close.length)) at = close.at + close.length;
  }
}

}  // namespace

void macro_values::set(std::string_view name, std::string_view value) {
  values_[std::string{name}] = {std::string{value}, encode_uri_component(value)};
}

void macro_values::set(std::string_view name, std::int64_t value) {
  set(name, std::to_string(value));
}

void macro_values::set_list(std::string_view name, const std::vector<std::string>& values) {
  known list;
  for (const auto& v : values) {
    list.plain += (list.plain.empty() ? "" : ",") + v;
    list.in_url += (list.in_url.empty() ? "" : ",") + encode_uri_component(v);
  }
  values_[std::string{name}] = std::move(list);
}

void macro_values::withhold(std::string_view name) {
  set(name, "-2");
}

const std::string* macro_values::find(std::string_view name) const {
  const auto it = values_.find(name);
  return it == values_.end() ? nullptr : &it->second.plain;
}

std::string macro_values::text_of(std::string_view name, macro_place place) const {
  const auto& [plain, in_url] = values_.find(name)->second;
  switch (place) {
    case macro_place::json:
      return escape_json(plain);
    case macro_place::xml:
      return escape_xml(plain);
    case macro_place::line: {
      auto line = plain;
      std::erase_if(line, is_control);
      return line;
    }
    case macro_place::url:
      break;
  }
  return in_url;
}

std::int64_t eight_digits(std::uint32_t random) noexcept {
  return 10'000'000 + random % 90'000'000;
}

void set_request_macros(macro_values& values, instant now, std::uint32_t random) {
  values.set("TIMESTAMP", format_iso8601(now));
  values.set("CACHEBUSTING", eight_digits(random));
}

std::vector<std::string_view> macro_names(std::string_view text) {
  std::vector<std::string_view> out;
  each_macro(text, [&](std::string_view name, std::size_t, std::size_t) {
    out.push_back(name);
    return true;
  });
  return out;
}

std::string fill_macros(std::string_view text, const macro_values& values, macro_place place) {
  std::string out;
  out.reserve(text.size() + 128);
  std::size_t copied = 0;
  each_macro(text, [&](std::string_view name, std::size_t begin, std::size_t end) {
    const bool known = values.find(name) != nullptr;
    if (!known && !std::binary_search(optional_macros.begin(), optional_macros.end(), name))
      return false;
    out += text.substr(copied, begin - copied);
    out += known ? values.text_of(name, place) : "-1";
    copied = end;
    return true;
  });
  out += text.substr(copied);
  return out;
}

std::string encode_uri_component(std::string_view text) {
  constexpr std::string_view kept = "-_.!~*'()";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_letter_or_digit(c) || kept.find(c) != std::string_view::npos) {
      out += c;
      continue;
    }
    out += percent_encoded(c);
  }
  return out;
}

std::string escape_json(std::string_view text) {
  const bool utf8 = is_utf8(text);
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '"' || c == '\\')
      (out += '\\') += c;
    else if (is_control(c) || (!utf8 && static_cast<unsigned char>(c) >= 0x80))
      out += "\\u" + hex_of(c);
    else
      out += c;
  }
  return out;
}

std::string escape_xml(std::string_view text) {
  constexpr std::string_view special = "<>&\"'";
  const bool utf8 = is_utf8(text);
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_control(c)) continue;
    if (special.find(c) != std::string_view::npos ||
        (!utf8 && static_cast<unsigned char>(c) >= 0x80))
      out += "&#x" + hex_of(c) + ";";
    else
      out += c;
  }
  return out;
}

std::string legal_url(std::string_view url) {
  constexpr std::string_view legal = "-._~!$&'()*+,;=:@/?";
  const auto is_hex = [](char c) {
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
  };
  const auto host = url.find("//");
  const auto path = host == std::string_view::npos ? 0 : url.find_first_of("/?", host + 2);
  if (path == std::string_view::npos) return std::string{url};
  url = url.substr(0, url.find('#', path));
  std::string out{url.substr(0, path)};
  for (auto i = path; i < url.size(); ++i) {
    const char c = url[i];
    const bool encodes = c == '%' && url.size() - i > 2 && is_hex(url[i + 1]) && is_hex(url[i + 2]);
    if (encodes || is_letter_or_digit(c) || legal.find(c) != std::string_view::npos)
      out += c;
    else
      out += percent_encoded(c);
  }
  return out;
}

std::string format_timecode(duration d) {
  const auto ms =
      std::max<std::int64_t>(std::chrono::round<std::chrono::milliseconds>(d).count(), 0);
  std::array<char, 48> text{};
  const auto length = std::snprintf(
      text.data(), text.size(), "%02lld:%02lld:%02lld.%03lld",
      static_cast<long long>(ms / 3'600'000), static_cast<long long>(ms / 60'000 % 60),
      static_cast<long long>(ms / 1000 % 60), static_cast<long long>(ms % 1000));
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace interlude::ads
