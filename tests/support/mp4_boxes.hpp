// Fragmented MP4 with no media in it: only what tells the time.
#pragma once

#include <cstdint>
#include <initializer_list>

#include "media/core/bits.hpp"

namespace interlude::test {

inline bytes box(const char (&name)[5], std::initializer_list<bytes> parts) {
  bytes content;
  for (const auto& p : parts) content.insert(content.end(), p.begin(), p.end());
  bit_writer out;
  out.put(content.size() + 8, 32);
  for (int i = 0; i < 4; ++i) out.put(static_cast<unsigned char>(name[i]), 8);
  out.append(content);
  return out.take();
}

// Big-endian words of 32 bits.
inline bytes words(std::initializer_list<std::uint32_t> values) {
  bit_writer out;
  for (const auto v : values) out.put(v, 32);
  return out.take();
}

inline bytes initialization(std::uint32_t track, std::uint32_t timescale) {
  return box("moov", {box("trak", {box("tkhd", {words({0, 0, 0, track, 0})}),
                                   box("mdia", {box("mdhd", {words({0, 0, 0, timescale, 0})})})})});
}

// A fragment whose first sample is at `time`.
inline bytes movie_fragment(std::uint32_t track, std::uint64_t time) {
  const auto wide =
      words({1u << 24, static_cast<std::uint32_t>(time >> 32), static_cast<std::uint32_t>(time)});
  return box("moof", {box("traf", {box("tfhd", {words({0, track})}), box("tfdt", {wide})})});
}

inline bytes joined(std::initializer_list<bytes> parts) {
  bytes out;
  for (const auto& p : parts) out.insert(out.end(), p.begin(), p.end());
  return out;
}

}  // namespace interlude::test
