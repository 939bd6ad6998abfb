// The keys with which viewer tokens are checked: PEM public keys, and JSON Web Key Sets (RFC 7517)
// turned into them.
#pragma once

#include <string>
#include <string_view>

#include "media/core/result.hpp"

namespace interlude::net {

// The PEM public key of the key set's entry for `algorithm` (RS256 or ES256) with this `kid`;
// without a kid, that of the only entry that fits. errc::unauthorized when no entry fits,
// errc::internal when the document is not a key set (64 KiB and 64 keys at most). A key meant for
// something else ("use", "alg") does not fit.
result<std::string> find_jwks_key(std::string_view jwks, std::string_view kid,
                                  std::string_view algorithm);

// Whether the PEM text is a public key that `algorithm` may be used with: RSA of 2,048 to 8,192
// bits, or EC on P-256.
bool is_public_key_for(std::string_view pem, std::string_view algorithm);

}  // namespace interlude::net
