#include "apps/node/url_checks.hpp"

#include <algorithm>
#include <boost/url.hpp>

namespace interlude {

bool is_http_url(std::string_view text) {
  const auto url = boost::urls::parse_uri(text);
  return url &&
         (url->scheme_id() == boost::urls::scheme::http ||
          url->scheme_id() == boost::urls::scheme::https) &&
         !url->encoded_host().empty();
}

bool is_url_template(std::string text) {
  const auto path = text.find_first_of("/?", text.find("//") + 2);
  if (path != std::string::npos)
    text.erase(std::remove_if(text.begin() + static_cast<std::ptrdiff_t>(path), text.end(),
                              [](char c) { return c == '[' || c == ']'; }),
               text.end());
  return is_http_url(text);
}

}  // namespace interlude
