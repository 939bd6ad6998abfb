// Viewer tokens: the JWT with which a publisher says that somebody may watch, checked once when a
// session starts.
//
// HS256 with a shared secret; RS256 and ES256 with a PEM public key or the keys of a JWKS document
// (matched by kid; RSA n/e and EC P-256 x/y are turned into PEM with OpenSSL). `alg` must be the
// configured one: "none" and key confusion are refused. exp and nbf are honoured with 60 s of
// leeway, iss and aud if configured. A token is bounded to 8 KiB, a key set to 64 KiB and 64 keys;
// RSA keys have 2,048 to 8,192 bits. Built on libjwt; usable from every thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "media/core/result.hpp"
#include "media/core/time.hpp"

namespace interlude::net {

struct viewer_token_policy {
  std::string algorithm = "HS256";  // HS256, RS256, ES256
  std::string key;                  // the secret, or a PEM public key
  std::string jwks;  // the JWKS document as fetched; used instead of `key` when not empty
  std::string issuer, audience;        // empty: not checked
  std::vector<std::string> ad_claims;  // claims that become ad parameters, by name
};

struct viewer {
  std::string subject;
  std::vector<std::pair<std::string, std::string>>
      ad_parameters;  // string, number and boolean claims as text
};

// errc::unauthorized with the reason ("expired", "signature does not match", ...); errc::internal
// when it is the policy that is wrong (an unknown algorithm, a key that cannot be read). Never the
// token itself.
result<viewer> verify_viewer_token(std::string_view token, const viewer_token_policy& policy,
                                   instant now);

}  // namespace interlude::net
