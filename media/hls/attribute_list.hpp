// Attribute lists (RFC 8216bis 4.2): NAME=VALUE,NAME="VALUE",... read in place, without allocating.
//
// Lenient where origins are sloppy (spaces after commas, a missing value, an unterminated quote
// that ends the line); strict in what is returned: a name has only [A-Z0-9-] after trimming, the
// order is kept, a repeated name returns its first value. Views point into the text given.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "media/core/time.hpp"

namespace interlude::hls {

struct attribute {
  std::string_view name;
  std::string_view value;  // without the quotes
  bool quoted = false;
};

class attribute_list {
 public:
  explicit attribute_list(std::string_view text) noexcept : text_(text) {}

  // Calls `visit(attribute)` for each in order.
  template <class F>
  void for_each(F&& visit) const {
    auto rest = text_;
    while (auto next = take(rest)) visit(*next);
  }

  std::optional<attribute> find(std::string_view name) const noexcept;
  std::optional<std::string_view> text(
      std::string_view name) const noexcept;  // the value, quoted or not
  std::optional<std::uint64_t> integer(std::string_view name) const noexcept;
  std::optional<duration> seconds(std::string_view name) const noexcept;
  std::optional<instant> date(std::string_view name) const noexcept;
  bool yes(std::string_view name) const noexcept;  // NAME=YES

 private:
  static std::optional<attribute> take(std::string_view& rest) noexcept;

  std::string_view text_;
};

}  // namespace interlude::hls
