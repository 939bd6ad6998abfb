// An ad server's answer as VMAP 1.0 writes it: where breaks are, and the ads of each.
//
// A live channel knows its breaks itself and asks for one at a time; of an answer with several the
// node takes the one that stands for now (see break_for_now). Read as leniently as VAST. An
// <AdBreak> whose ads cannot be read does not stop the others: its error is in it. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ads/vast/error_code.hpp"
#include "ads/vast/vast_response.hpp"
#include "ads/xml/xml_document.hpp"

namespace interlude::vmap {

// When a break is, in the content (VMAP 1.0.1 section 2.3.1).
struct time_offset {
  enum class kind : std::uint8_t { start, end, time, percent, position };
  kind what = kind::start;
  duration time{0};
  double fraction = 0;
  std::int64_t position = 0;  // "#2": the second opportunity

  friend bool operator==(const time_offset&, const time_offset&) = default;
};

struct tag {  // AdTagURI
  std::string url, template_type;
};

struct ad_source {
  std::string id;
  bool allow_multiple = true, follow_redirects = true;
  // Nothing: it has no ads that can be read (CustomAdData, or no source at all).
  std::variant<std::monostate, vast::vast_response, tag, vast::vast_error> ads;
};

struct ad_break {
  time_offset at;
  std::string id, types;  // types: "linear,nonlinear,display"
  std::optional<duration> repeat_after;
  ad_source source;
  std::vector<vast::tracking> events;  // breakStart, breakEnd, error

  bool is_linear() const;
};

struct vmap_response {
  std::string version;
  std::vector<ad_break> breaks;
};

// Errors: 100 for what is no XML; 101 if the root is not <VMAP>, or a break has no time; 102 for
// other versions.
vast::vast_result<vmap_response> parse_vmap(std::string_view text, const xml::limits& bounds = {});
vast::vast_result<vmap_response> read_vmap(const pugi::xml_node& root);

std::optional<time_offset> parse_time_offset(std::string_view text);

// What a break's "error" is told in place of [ERROR_CODE] (VMAP 1.0.1 section 2.6).
enum class break_error_code : std::uint16_t {
  undefined = 1000,
  ad_response = 1005,             // there is nothing in it that can be played
  ad_response_unreadable = 1007,  // or leads nowhere
  ad_response_timeout = 1008,
  ad_response_unavailable = 1009,
};

// The break of an answer that was asked for one: the linear one at the start, or else the first
// that is linear. Null if there is none.
const ad_break* break_for_now(const vmap_response& response) noexcept;

}  // namespace interlude::vmap
