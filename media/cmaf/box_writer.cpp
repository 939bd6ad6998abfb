#include "media/cmaf/box_writer.hpp"

#include <string_view>

namespace interlude::cmaf {

namespace {

void put_text(bit_writer& out, std::string_view text) {
  for (const char c : text) out.put(static_cast<unsigned char>(c), 8);
  out.put(0, 8);
}

}  // namespace

bytes write_event_message(byte_view section, std::uint32_t id, std::uint32_t timescale,
                          std::uint64_t time, std::uint32_t length) {
  bit_writer content;
  content.put(1, 8);
  content.put(0, 24);
  content.put(timescale, 32);
  content.put(time, 64);
  content.put(length, 32);
  content.put(id, 32);
  put_text(content, "urn:scte:scte35:2013:bin");
  put_text(content, "");
  content.append(section);
  bit_writer box;
  box.put(content.size() + 8, 32);
  box.put(0x656D7367, 32);  // "emsg"
  box.append(content.data());
  return box.take();
}

}  // namespace interlude::cmaf
