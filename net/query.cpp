#include "net/query.hpp"

#include <boost/url.hpp>
#include <charconv>

namespace interlude::net {

result<std::vector<std::pair<std::string, std::string>>> read_parameters(std::string_view query) {
  // Boost.URL 1.81's parse_query() reads up to a terminating zero, whatever the view's length.
  const std::string terminated{query};
  const auto parsed = boost::urls::parse_query(terminated);
  if (!parsed)
    return error{errc::malformed, "query", "the query is not percent-encoded as RFC 3986 says"};
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto p : boost::urls::params_encoded_view(*parsed))
    out.emplace_back(p.key.decode(), p.value.decode());
  return out;
}

result<std::size_t> read_limit(std::string_view text) {
  constexpr std::size_t longest_page = 1000;
  std::size_t limit = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, limit);
  if (read.ec != std::errc{} || read.ptr != end || limit < 1 || limit > longest_page)
    return error{errc::malformed, "limit", "a number from 1 to 1000 is expected"};
  return limit;
}

}  // namespace interlude::net
