// Bits in the order MPEG writes them: most significant first, across byte boundaries.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace interlude {

using bytes = std::vector<std::uint8_t>;
using byte_view = std::span<const std::uint8_t>;

// Reads past the end give zeros and are remembered: a parser reads a whole structure and asks once,
// ok(), whether all of it was there.
class bit_reader {
 public:
  explicit bit_reader(byte_view data) : data_(data) {}

  // At most 64 bits.
  std::uint64_t take(unsigned bits) noexcept {
    if (bits > left()) {
      failed_ = true;
      at_ = data_.size() * 8;
      return 0;
    }
    std::uint64_t value = 0;
    for (unsigned i = 0; i < bits;) {
      const auto offset = static_cast<unsigned>(at_ % 8);
      const auto count = std::min(8 - offset, bits - i);
      const auto chunk = (unsigned{data_[at_ / 8]} >> (8 - offset - count)) & ((1u << count) - 1);
      value = (value << count) | chunk;
      at_ += count;
      i += count;
    }
    return value;
  }
  template <class T>
  T take_as(unsigned bits) noexcept {
    return static_cast<T>(take(bits));
  }
  bool flag() noexcept { return take(1) != 0; }

  // Whole bytes; the reader must stand at a byte's beginning.
  byte_view take_bytes(std::size_t count) noexcept {
    if (count * 8 > left()) {
      failed_ = true;
      count = left() / 8;
    }
    const auto out = data_.subspan(at_ / 8, count);
    at_ += count * 8;
    return out;
  }
  byte_view rest() noexcept { return take_bytes(left() / 8); }

  std::size_t left() const noexcept { return data_.size() * 8 - at_; }
  std::size_t position() const noexcept { return at_ / 8; }  // in bytes, rounded down
  bool ok() const noexcept { return !failed_; }

 private:
  byte_view data_;
  std::size_t at_ = 0;  // in bits
  bool failed_ = false;
};

class bit_writer {
 public:
  void put(std::uint64_t value, unsigned bits) {
    while (bits > 0) {
      if (used_ == 0) out_.push_back(0);
      const auto count = std::min(8 - used_, bits);
      const auto chunk = (value >> (bits - count)) & ((1u << count) - 1);
      out_.back() = static_cast<std::uint8_t>(out_.back() | (chunk << (8 - used_ - count)));
      used_ = (used_ + count) % 8;
      bits -= count;
    }
  }
  void flag(bool value) { put(value ? 1 : 0, 1); }
  void append(byte_view more) { out_.insert(out_.end(), more.begin(), more.end()); }

  std::size_t size() const noexcept { return out_.size(); }
  const bytes& data() const noexcept { return out_; }
  bytes take() { return std::move(out_); }

 private:
  bytes out_;
  unsigned used_ = 0;  // bits of the last byte
};

}  // namespace interlude
