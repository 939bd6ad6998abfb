// Whether bytes are UTF-8, as RFC 3629 has it: no overlong forms, no surrogates, nothing beyond
// U+10FFFF. Pure.
#pragma once

#include <string_view>

namespace interlude {

bool is_utf8(std::string_view bytes) noexcept;

}  // namespace interlude
