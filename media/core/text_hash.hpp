// For tables of std::string that are searched with a std::string_view, without a copy.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

namespace interlude {

struct text_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view s) const noexcept {
    return std::hash<std::string_view>{}(s);
  }
};

}  // namespace interlude
