#include "net/bearer.hpp"

#include <openssl/crypto.h>

namespace interlude::net {

bool is_authorized(const request& req, std::string_view secret) {
  const auto header = req.header(http::field::authorization);
  if (secret.empty() || !header.starts_with("Bearer ")) return false;
  const auto given = header.substr(7);
  return given.size() == secret.size() &&
         CRYPTO_memcmp(given.data(), secret.data(), secret.size()) == 0;
}

}  // namespace interlude::net
