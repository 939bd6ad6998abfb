// What the parsers of both kinds of playlist share: bounds, line splitting, variable substitution.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "media/core/result.hpp"
#include "media/hls/media_playlist.hpp"

namespace interlude::hls {

// The lines of a text that has passed the bounds and begins like a playlist; views into `text`.
result<std::vector<playlist_line>> split_lines(std::string_view text, const limits& bounds);

error line_error(const playlist_line& line, std::string_view what);

// EXT-X-DEFINE (RFC 8216bis 4.4.2.3): collects definitions and substitutes "{$name}".
class variable_table {
 public:
  variable_table(std::span<const variable> imported, std::string_view own_query)
      : imported_(imported), query_(own_query) {}

  // The definition a line makes; an error if it cannot be satisfied.
  std::optional<error> define(const playlist_line& line);
  // Nullopt if the text refers to a variable that is not defined. Stops, with what it has, once
  // that is longer than `max_bytes`.
  std::optional<std::string> substitute(std::string_view text, std::size_t max_bytes) const;
  const std::vector<variable>& defined() const noexcept { return defined_; }

 private:
  std::span<const variable> imported_;
  std::string_view query_;
  std::vector<variable> defined_;
};

// The text with every reference replaced, not longer than the bound; the text itself if it has no
// EXT-X-DEFINE.
result<std::string> substitute_variables(std::string text, const limits& bounds,
                                         variable_table& table);

}  // namespace interlude::hls
