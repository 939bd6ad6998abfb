#include "apps/origin/splice_payload.hpp"

namespace interlude::origin {

namespace {

class bit_writer {
 public:
  void put(std::uint64_t value, int bits) {
    for (int i = bits - 1; i >= 0; --i) {
      if (used_ == 0) out_ += '\0';
      const auto bit = static_cast<unsigned char>(value >> i & 1);
      out_.back() = static_cast<char>(static_cast<unsigned char>(out_.back()) | bit << (7 - used_));
      used_ = (used_ + 1) % 8;
    }
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
  int used_ = 0;
};

std::uint64_t ticks(duration d) {
  return static_cast<std::uint64_t>(d.count() * 9 / 100) & 0x1FFFFFFFF;
}

// CRC-32/MPEG-2 (ISO 13818-1, annex A).
std::uint32_t crc32_mpeg2(const std::string& bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const char c : bytes) {
    crc ^= std::uint32_t{static_cast<unsigned char>(c)} << 24;
    for (int i = 0; i < 8; ++i) crc = crc << 1 ^ ((crc & 0x80000000) != 0 ? 0x04C11DB7 : 0);
  }
  return crc;
}

std::string insert_command(std::uint32_t event_id, bool out, duration pts, duration length) {
  bit_writer w;
  w.put(event_id, 32);
  w.put(0x7F, 8);  // not cancelled, reserved
  w.put(out ? 1 : 0, 1);
  w.put(1, 1);  // the whole programme
  w.put(length.count() > 0 ? 1 : 0, 1);
  w.put(0, 1);  // not immediate
  w.put(0xF, 4);
  w.put(1, 1);  // splice_time: a time follows
  w.put(0x3F, 6);
  w.put(ticks(pts), 33);
  if (length.count() > 0) {
    w.put(1, 1);  // auto_return
    w.put(0x3F, 6);
    w.put(ticks(length), 33);
  }
  w.put(1, 16);  // unique_program_id
  w.put(0, 16);  // avail_num, avails_expected
  return w.take();
}

}  // namespace

std::string splice_insert(std::uint32_t event_id, bool out_of_network, duration pts,
                          duration length) {
  const auto command = insert_command(event_id, out_of_network, pts, length);
  bit_writer w;
  w.put(0xFC, 8);
  w.put(3, 4);  // no section syntax, not private, SAP type not given
  w.put(11 + command.size() + 2 + 4, 12);
  w.put(0, 8);
  w.put(0, 7);  // not encrypted
  w.put(0, 33);
  w.put(0, 8);
  w.put(0xFFF, 12);
  w.put(command.size(), 12);
  w.put(0x05, 8);
  auto section = w.take() + command;
  section.append(2, '\0');  // no descriptors
  const auto crc = crc32_mpeg2(section);
  for (int shift = 24; shift >= 0; shift -= 8) section += static_cast<char>(crc >> shift & 0xFF);
  return section;
}

std::string to_base64(const std::string& bytes) {
  constexpr const char* alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j)
      group = group << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    for (std::size_t j = 0; j < 4; ++j)
      out += i + j <= bytes.size() ? alphabet[group >> (18 - 6 * j) & 63] : '=';
  }
  return out;
}

std::string to_hex(const std::string& bytes) {
  constexpr const char* digits = "0123456789ABCDEF";
  std::string out = "0x";
  for (const char c : bytes) {
    out += digits[static_cast<unsigned char>(c) >> 4];
    out += digits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

}  // namespace interlude::origin
