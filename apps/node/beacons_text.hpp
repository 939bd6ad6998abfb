// What "interlude beacons" prints, for people; pure.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace interlude {

// Printable ASCII, and nothing that a terminal would obey: it may come from an ad server.
std::string plain_text(std::string_view text);

// A text member; empty if it is not there.
std::string text_in(const boost::json::value& from, std::string_view name);

// Of GET /v1/beacons, in lines.
std::string status_text(const boost::json::value& seen);
// One of those that were given up, as a line. Not its URL: that may hold personal data.
std::string beacon_line(const boost::json::value& b);

// What several answers to replay or drop come to.
struct change_total {
  std::uint64_t done = 0, missing = 0, unreadable = 0;
  bool full = false;

  void add(const boost::json::value& answer, std::string_view action);
  boost::json::object to_json(std::string_view action) const;
  std::string text(std::string_view action) const;
  std::string trouble() const;  // empty: there was none
};

}  // namespace interlude
