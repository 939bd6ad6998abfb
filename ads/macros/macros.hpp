// Macros in the URLs of ad servers: [CACHEBUSTING] and its kin (VAST 4.3 section 6), and variables
// of an ad request's own template, as in [session.id].
//
// In a URL each value is encoded as encodeURIComponent does it; in a list the commas between are
// not. Elsewhere a value is written so that it cannot end the string or element it stands in. A
// macro of VAST that nobody gave a value is -1, one that is withheld -2, as far as the
// specification allows that; all other text in brackets stays as it is. Brackets may come
// percent-encoded. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "media/core/time.hpp"

namespace interlude::ads {

// Where values are put.
enum class macro_place : std::uint8_t {
  url,
  json,  // within the quotes of a string, or as a number
  xml,   // text or an attribute's value
  line,  // a header field: control characters are left out
};

class macro_values {
 public:
  void set(std::string_view name, std::string_view value);
  void set(std::string_view name, std::int64_t value);
  void set_list(std::string_view name, const std::vector<std::string>& values);
  // Known, and not to be shared.
  void withhold(std::string_view name);

  // As it was set, a list with commas between; null if it has none.
  const std::string* find(std::string_view name) const;
  // As it stands in a place; `name` has a value.
  std::string text_of(std::string_view name, macro_place place) const;

 private:
  struct known {
    std::string plain, in_url;
  };

  std::map<std::string, known, std::less<>> values_;
};

// Eight digits that a random number comes to.
std::int64_t eight_digits(std::uint32_t random) noexcept;

// Those that every request has, its own each time: [TIMESTAMP], and [CACHEBUSTING] of eight digits
// from `random`.
void set_request_macros(macro_values& values, instant now, std::uint32_t random);

// What stands in brackets and could be a macro or a variable, in order.
std::vector<std::string_view> macro_names(std::string_view text);

std::string fill_macros(std::string_view text, const macro_values& values,
                        macro_place place = macro_place::url);

// With what has no place in a path or query percent-encoded, as ad servers leave it there:
// brackets, braces, spaces, a % that encodes nothing. What is legal stays.
std::string legal_url(std::string_view url);

// RFC 3986 unreserved characters and !*'() stay.
std::string encode_uri_component(std::string_view text);

// What may stand between the quotes of a JSON string (RFC 8259 section 7). A text that is no
// UTF-8 is taken for Latin-1.
std::string escape_json(std::string_view text);

// What may stand in an element or an attribute's value, else as above; control characters, which
// XML 1.0 has not, are left out.
std::string escape_xml(std::string_view text);

// "00:00:11.355", as VAST writes playheads and durations.
std::string format_timecode(duration d);

}  // namespace interlude::ads
