// Whatever a client puts into a path or a token: a route that is safe to use, or none.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "net/route.hpp"
#include "net/session_token.hpp"

using namespace interlude;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto r = net::parse_route(text);
  if (r.what == net::endpoint::ad_segment &&
      (!net::is_name(r.creative) || !net::is_name(r.track) ||
       r.file.find('/') != std::string_view::npos || r.file.starts_with('.')))
    std::abort();
  static const net::session_signer signer{"secret"};
  if (signer.verify(text, "org", "channel", instant{std::chrono::seconds{1'800'000'000}}))
    std::abort();  // forged
  return 0;
}
