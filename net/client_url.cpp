#include "net/client_url.hpp"

#include <boost/url.hpp>
#include <charconv>
#include <cstdint>

namespace interlude::net {

namespace {

std::string without_query(std::string_view text) {
  return std::string{text.substr(0, std::min<std::size_t>(text.find_first_of("?#"), 300))};
}

// Not port_number(): it is not 0 for everything that does not fit.
bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto* end = text.data() + text.size();
  const auto [at, ec] = std::from_chars(text.data(), end, port);
  return ec == std::errc{} && at == end && port != 0;
}

}  // namespace

result<client_url> parse_client_url(std::string_view text) {
  if (text.empty()) return error{errc::malformed, "URL", "it is empty"};
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed) return error{errc::malformed, without_query(text), "this is not a URL"};
  const auto& u = *parsed;
  const bool http = u.scheme_id() == boost::urls::scheme::http;
  const bool https = u.scheme_id() == boost::urls::scheme::https;
  if (!http && !https)
    return error{errc::malformed, without_query(text), "only http and https URLs can be fetched"};
  if (u.has_userinfo())
    return error{errc::malformed, "URL", "credentials in a URL are not accepted"};
  if (u.encoded_host().empty())
    return error{errc::malformed, without_query(text), "the URL has no host"};
  client_url out;
  out.endpoint.tls = https;
  out.endpoint.host = u.host_address();
  const bool own_port = !u.has_port() || u.port().empty() || u.port() == (https ? "443" : "80");
  out.endpoint.port = own_port ? (https ? "443" : "80") : std::string{u.port()};
  if (!is_port(out.endpoint.port))
    return error{errc::malformed, without_query(text), "the URL's port is not one"};
  out.host_header = std::string{u.encoded_host()} + (own_port ? "" : ":" + out.endpoint.port);
  out.target = std::string{u.encoded_target()};
  if (out.target.empty() || out.target.front() != '/') out.target.insert(0, "/");
  out.shown = without_query(text);
  return out;
}

result<std::string> follow_location(std::string_view base, std::string_view location) {
  const auto base_url = boost::urls::parse_uri(base);
  const auto reference = boost::urls::parse_uri_reference(location);
  boost::urls::url resolved;
  if (!base_url || !reference || !boost::urls::resolve(*base_url, *reference, resolved))
    return error{errc::malformed, without_query(base), "redirected to something that is not a URL"};
  resolved.remove_fragment();
  if (base_url->scheme_id() == boost::urls::scheme::https &&
      resolved.scheme_id() != boost::urls::scheme::https)
    return error{errc::malformed, without_query(base),
                 "redirected from https to " + std::string{resolved.scheme()} + ": refused"};
  return std::string{resolved.buffer()};
}

}  // namespace interlude::net
