#include "apps/origin/retime_mp4.hpp"

#include <functional>
#include <string_view>

namespace interlude::origin {

namespace {

std::uint64_t read(const char* p, int size) {
  std::uint64_t value = 0;
  for (int i = 0; i < size; ++i) value = value << 8 | static_cast<unsigned char>(p[i]);
  return value;
}

void write(char* p, std::uint64_t value, int size) {
  for (int i = size - 1; i >= 0; --i, value >>= 8) p[i] = static_cast<char>(value & 0xFF);
}

// Calls visit(type, body, size) for each box in [begin, end).
void for_each_box(char* begin, char* end,
                  const std::function<void(std::string_view, char*, std::size_t)>& visit) {
  while (end - begin >= 8) {
    auto size = read(begin, 4);
    std::size_t header = 8;
    if (size == 1 && end - begin >= 16) {
      size = read(begin + 8, 8);
      header = 16;
    }
    if (size < header || size > static_cast<std::uint64_t>(end - begin)) return;
    visit({begin + 4, 4}, begin + header, static_cast<std::size_t>(size) - header);
    begin += size;
  }
}

void shift_field(char* p, int size, std::int64_t offset) {
  write(p, read(p, size) + static_cast<std::uint64_t>(offset), size);
}

}  // namespace

void retime_mp4(std::string& segment, std::int64_t offset, std::uint32_t sequence_number) {
  const std::function<void(std::string_view, char*, std::size_t)> visit =
      [&](std::string_view type, char* body, std::size_t size) {
        if (type == "moof" || type == "traf") return for_each_box(body, body + size, visit);
        if (type == "mfhd" && size >= 8) write(body + 4, sequence_number, 4);
        // ISO 14496-12: version 1 has 64 bits where version 0 has 32.
        const bool wide = size > 0 && body[0] == 1;
        if (type == "tfdt" && size >= (wide ? 12u : 8u))
          shift_field(body + 4, wide ? 8 : 4, offset);
        if (type == "sidx" && size >= (wide ? 28u : 20u))
          shift_field(body + 12, wide ? 8 : 4, offset);
      };
  for_each_box(segment.data(), segment.data() + segment.size(), visit);
}

std::uint32_t timescale_of(const std::string& init) {
  std::uint32_t found = 0;
  auto copy = init;
  const std::function<void(std::string_view, char*, std::size_t)> visit =
      [&](std::string_view type, char* body, std::size_t size) {
        if (type == "moov" || type == "trak" || type == "mdia")
          return for_each_box(body, body + size, visit);
        if (type != "mdhd" || found != 0 || size < 24) return;
        found = static_cast<std::uint32_t>(read(body + (body[0] == 1 ? 20 : 12), 4));
      };
  for_each_box(copy.data(), copy.data() + copy.size(), visit);
  return found;
}

}  // namespace interlude::origin
