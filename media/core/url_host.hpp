// Of a URL that was filled for somebody, what may be told to others: where it led to.
#pragma once

#include <string_view>

namespace interlude {

// Host and port, without whom it was asked as; empty if there is none.
constexpr std::string_view host_in(std::string_view url) noexcept {
  const auto scheme = url.find("//");
  if (scheme == std::string_view::npos) return {};
  const auto rest = url.substr(scheme + 2);
  const auto authority = rest.substr(0, rest.find_first_of("/?#"));
  return authority.substr(authority.rfind('@') + 1);
}

}  // namespace interlude
