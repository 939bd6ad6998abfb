#include <boost/asio/ip/tcp.hpp>
#include <charconv>
#include <string>

#include "net/http_server.hpp"

namespace interlude::net {

result<asio::ip::tcp::endpoint> parse_endpoint(std::string_view text) {
  const error wrong{errc::malformed, std::string{text.substr(0, 100)},
                    "address:port is expected, such as 127.0.0.1:8080 or [::1]:8080"};
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong;
  auto host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  boost::system::error_code ec;
  const auto address = asio::ip::make_address(std::string{host}, ec);
  std::uint16_t port = 0;
  const auto* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data() + colon + 1, end, port);
  if (ec || parsed.ec != std::errc{} || parsed.ptr != end) return wrong;
  return asio::ip::tcp::endpoint{address, port};
}

std::string to_text(const asio::ip::tcp::endpoint& e) {
  const auto address = e.address().to_string();
  return (e.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(e.port());
}

}  // namespace interlude::net
