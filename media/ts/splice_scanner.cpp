#include "media/ts/splice_scanner.hpp"

#include <algorithm>

namespace interlude::ts {

namespace {

constexpr std::size_t proof = 2 * packet_size;  // from the first sync byte to the third

}  // namespace

// Where packets begin again, or what has to stay until there is more to judge by.
std::size_t splice_scanner::find_sync(std::size_t from) const {
  for (auto at = from; at < pending_.size(); ++at) {
    if (pending_[at] != sync_byte) continue;
    const bool second =
        at + packet_size >= pending_.size() || pending_[at + packet_size] == sync_byte;
    const bool third = at + proof >= pending_.size() || pending_[at + proof] == sync_byte;
    if (second && third) return at;
  }
  return pending_.size();
}

std::vector<bytes> splice_scanner::feed(byte_view piece) {
  std::vector<bytes> out;
  if (!is_stream()) return out;
  pending_.insert(pending_.end(), piece.begin(), piece.end());
  std::size_t at = 0;
  while (at < pending_.size() && is_stream()) {
    if (!in_sync_) {
      const auto found = find_sync(at);
      lost_bytes_ += found - at;
      at = found;
      if (at + proof >= pending_.size()) break;
      in_sync_ = true;
    }
    auto end = at;
    while (end + packet_size <= pending_.size() && pending_[end] == sync_byte) end += packet_size;
    if (end > at) {
      for (auto& m : reader_.read(byte_view{pending_}.subspan(at, end - at)).messages)
        out.push_back(std::move(m.section));
      packets_ += (end - at) / packet_size;
      lost_bytes_ = 0;
      at = end;
    }
    if (at < pending_.size() && pending_[at] != sync_byte)
      in_sync_ = false;
    else
      break;
  }
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(at));
  return out;
}

}  // namespace interlude::ts
