// Whether a setting is a URL of the kind that is expected. Pure.
#pragma once

#include <string>
#include <string_view>

namespace interlude {

// http or https, with a host.
bool is_http_url(std::string_view text);
// The same with variables in brackets, which have no place in a URL's path or query.
bool is_url_template(std::string text);

}  // namespace interlude
