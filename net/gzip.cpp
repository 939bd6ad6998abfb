#include "net/gzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <memory>

namespace interlude::net {

result<std::string> inflate_body(std::string_view packed, std::size_t max_bytes) {
  z_stream stream{};
  constexpr int gzip_or_zlib = 15 + 32;
  if (inflateInit2(&stream, gzip_or_zlib) != Z_OK)
    return error{errc::internal, {}, "zlib cannot be started"};
  const std::unique_ptr<z_stream, int (*)(z_stream*)> cleanup{&stream, inflateEnd};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string out;
  std::array<char, 16'384> chunk;
  for (int state = Z_OK; state != Z_STREAM_END;) {
    stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
    stream.avail_out = chunk.size();
    state = inflate(&stream, Z_NO_FLUSH);
    if (state != Z_OK && state != Z_STREAM_END)
      return error{errc::malformed, {}, "the gzip body is damaged or ends early"};
    const auto made = chunk.size() - stream.avail_out;
    if (out.size() + made > max_bytes)
      return error{errc::too_large,
                   {},
                   "the body is larger than " + std::to_string(max_bytes) + " bytes when inflated"};
    out.append(chunk.data(), made);
  }
  return out;
}

}  // namespace interlude::net
