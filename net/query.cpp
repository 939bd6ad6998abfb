#include "net/query.hpp"

#include <boost/url.hpp>

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

}  // namespace interlude::net
