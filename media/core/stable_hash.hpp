#pragma once

#include <cstdint>
#include <string_view>

namespace interlude {

// 64-bit FNV-1a: the same on every node and after every update. Nobody is kept from making two
// texts the same: not where somebody gains by it.
constexpr std::uint64_t stable_hash(std::string_view text) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

}  // namespace interlude
