// Numbers and texts, one after the other, in a record: as short as they are, and read back without
// trust in what is there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace interlude::storage {

// Seven bits in a byte, the lowest first.
inline void pack(std::string& to, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) to.push_back(static_cast<char>(number | 0x80));
  to.push_back(static_cast<char>(number));
}

inline void pack(std::string& to, std::string_view text) {
  pack(to, static_cast<std::uint64_t>(text.size()));
  to.append(text);
}

class unpacker {
 public:
  explicit unpacker(std::string_view from) : rest_(from) {}
  explicit unpacker(std::string&&) = delete;  // it has to outlive this

  // Zeros and empty texts from where it ends too early.
  std::uint64_t number() {
    std::uint64_t out = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      out |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return out;
    }
    return fail(), 0;
  }
  std::string_view text() {
    const auto size = number();
    if (size > rest_.size()) return fail(), std::string_view{};
    const auto out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return out;
  }

  std::size_t left() const noexcept { return rest_.size(); }
  bool failed() const noexcept { return failed_; }  // something was missing
  // All has been read, and nothing was missing.
  bool is_whole() const noexcept { return !failed_ && rest_.empty(); }

 private:
  void fail() {
    failed_ = true;
    rest_ = {};
  }

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace interlude::storage
