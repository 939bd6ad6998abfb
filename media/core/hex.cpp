#include "media/core/hex.hpp"

#include <boost/algorithm/hex.hpp>
#include <iterator>

namespace interlude {

std::string to_hex(byte_view data) {
  std::string out;
  out.reserve(data.size() * 2);
  boost::algorithm::hex_lower(data.begin(), data.end(), std::back_inserter(out));
  return out;
}

std::optional<bytes> from_hex(std::string_view text) {
  bytes out;
  out.reserve(text.size() / 2);
  try {
    boost::algorithm::unhex(text.begin(), text.end(), std::back_inserter(out));
  } catch (const boost::algorithm::hex_decode_error&) {
    return std::nullopt;
  }
  return out;
}

}  // namespace interlude
