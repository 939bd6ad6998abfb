// Range requests (RFC 9110 14): which part of a body was asked for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace interlude::net {

struct body_part {
  std::size_t offset = 0, size = 0;
};

enum class range_kind : std::uint8_t { whole, part, unsatisfiable };

struct requested_range {
  range_kind kind = range_kind::whole;
  body_part part;  // of kind `part`; never empty
};

// `field` is the Range header. What is no single range of bytes is ignored, as the RFC allows: then
// the whole body is the answer.
requested_range read_range(std::string_view field, std::size_t body_size) noexcept;

}  // namespace interlude::net
