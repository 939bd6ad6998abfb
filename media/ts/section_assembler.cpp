#include "media/ts/section_assembler.hpp"

#include <algorithm>

namespace interlude::ts {

namespace {

constexpr std::size_t header_size = 3;
constexpr std::size_t max_section_size = 4096;
constexpr std::uint8_t stuffing = 0xFF;

std::size_t size_of(byte_view section) {
  return header_size + static_cast<std::size_t>((section[1] & 0x0F) << 8 | section[2]);
}

}  // namespace

void section_assembler::reset() {
  partial_.clear();
  collecting_ = false;
  continuity_.reset();
  last_payload_.clear();
}

// Takes the sections out of the front of what was collected.
void section_assembler::append(byte_view data, std::vector<bytes>& out) {
  if (!collecting_) return;
  partial_.insert(partial_.end(), data.begin(), data.end());
  while (!partial_.empty()) {
    if (partial_.front() == stuffing) {  // until the next unit starts
      collecting_ = false;
      partial_.clear();
      return;
    }
    if (partial_.size() < header_size) return;
    const auto size = size_of(partial_);
    if (size > max_section_size) {
      collecting_ = false;
      partial_.clear();
      return;
    }
    if (partial_.size() < size) return;
    const auto end = partial_.begin() + static_cast<std::ptrdiff_t>(size);
    out.emplace_back(partial_.begin(), end);
    partial_.erase(partial_.begin(), end);
  }
}

std::vector<bytes> section_assembler::feed(const ts_packet& p) {
  std::vector<bytes> out;
  if (!p.has_payload || p.damaged || p.scrambled) return out;
  if (continuity_ && !p.discontinuity) {
    // 2.4.3.3: a packet may be sent twice. Another one with the same number comes from a packager
    // that counts anew in each segment.
    const bool repeated =
        p.continuity == *continuity_ &&
        std::equal(p.payload.begin(), p.payload.end(), last_payload_.begin(), last_payload_.end());
    if (repeated) return out;
    if (p.continuity != ((*continuity_ + 1) & 0x0F)) {
      ++lost_;
      collecting_ = false;
      partial_.clear();
    }
  }
  continuity_ = p.continuity;
  last_payload_.assign(p.payload.begin(), p.payload.end());
  if (!p.starts_unit) {
    append(p.payload, out);
    return out;
  }
  // 2.4.4.2: pointer_field counts what still belongs to the section before.
  if (p.payload.empty() || std::size_t{p.payload[0]} + 1 > p.payload.size()) return out;
  append(p.payload.subspan(1, p.payload[0]), out);
  partial_.clear();
  collecting_ = true;
  append(p.payload.subspan(1 + std::size_t{p.payload[0]}), out);
  return out;
}

}  // namespace interlude::ts
