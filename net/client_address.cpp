#include "net/client_address.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>

namespace interlude::net {

namespace {

constexpr std::size_t most_proxies = 32;

using texts = std::vector<std::string_view>;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "192.0.2.1", "192.0.2.1:80", "2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:80".
std::optional<asio::ip::address> address_of(std::string_view node) {
  if (node.starts_with('[')) {
    const auto end = node.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    const auto behind = node.substr(end + 1);
    if (!behind.empty() && (behind.front() != ':' || !is_port(behind.substr(1))))
      return std::nullopt;
    const auto address = node.substr(1, end - 1);
    return address.find(':') == std::string_view::npos ? std::nullopt : parse_address(address);
  }
  const auto colon = node.find(':');
  // More than one: IPv6, to which a port cannot be appended without brackets.
  if (colon == std::string_view::npos || node.find(':', colon + 1) != std::string_view::npos)
    return parse_address(node);
  return is_port(node.substr(colon + 1)) ? parse_address(node.substr(0, colon)) : std::nullopt;
}

// Splits at `separator`, but not within quotes; a quote that is never closed reaches to the end.
texts split(std::string_view text, char separator) {
  texts out;
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted && text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      quoted = !quoted;
    else if (!quoted && text[i] == separator) {
      out.push_back(text.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  out.push_back(text.substr(begin));
  return out;
}

// Of an element of Forwarded: `for=192.0.2.43;proto=http`, `For="[2001:db8:cafe::17]:4711"`.
std::string_view forwarded_for(std::string_view element) {
  for (const auto pair : split(element, ';')) {
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    if (!boost::beast::iequals(trimmed(pair.substr(0, equals)), "for")) continue;
    auto value = trimmed(pair.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
      value = value.substr(1, value.size() - 2);
    return value;
  }
  return {};
}

// All fields of this name, each a list, as one (RFC 9110 5.3). Empty elements count for nothing.
texts elements_of(const request& req, std::string_view name, bool quotes) {
  texts out;
  if (req.headers == nullptr) return out;
  const auto [first, last] = req.headers->equal_range(name);
  for (auto field = first; field != last; ++field) {
    std::string_view rest = field->value();
    if (quotes) {
      for (const auto element : split(rest, ','))
        if (!trimmed(element).empty()) out.push_back(trimmed(element));
      continue;
    }
    for (bool more = true; more;) {
      const auto comma = rest.find(',');
      if (const auto element = trimmed(rest.substr(0, comma)); !element.empty())
        out.push_back(element);
      more = comma != std::string_view::npos;
      rest.remove_prefix(more ? comma + 1 : rest.size());
    }
  }
  return out;
}

// Whom proxies say they heard, the nearest last; as text.
texts heard_by_proxies(const request& req) {
  auto heard = elements_of(req, "X-Forwarded-For", false);
  if (!heard.empty()) return heard;
  heard = elements_of(req, "Forwarded", true);
  for (auto& element : heard) element = forwarded_for(element);
  return heard;
}

}  // namespace

std::optional<asio::ip::address> client_address(const request& req,
                                                const std::vector<address_range>& trusted) {
  const auto is_trusted = [&](const asio::ip::address& a) {
    return std::any_of(trusted.begin(), trusted.end(),
                       [&](const address_range& r) { return r.contains(a); });
  };
  auto client = unmapped(req.peer);
  if (!is_trusted(client)) return client;
  const auto heard = heard_by_proxies(req);
  std::size_t proxies = 0;
  for (auto node = heard.rbegin(); node != heard.rend(); ++node) {
    if (++proxies > most_proxies) return std::nullopt;
    const auto address = address_of(*node);
    if (!address) return std::nullopt;
    client = *address;
    if (!is_trusted(client)) break;
  }
  return client;
}

}  // namespace interlude::net
