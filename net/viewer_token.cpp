#include "net/viewer_token.hpp"

#include <jwt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cmath>
#include <memory>
#include <optional>

#include "media/core/base64.hpp"
#include "net/jwks.hpp"

namespace interlude::net {

namespace {

namespace json = boost::json;

constexpr std::size_t max_token = 8 * 1024;
constexpr double leeway = 60;  // seconds

error refused(const char* why) {
  return {errc::unauthorized, "viewer token", why};
}

struct jwt_releaser {
  void operator()(jwt_t* token) const { jwt_free(token); }
};
using jwt_ptr = std::unique_ptr<jwt_t, jwt_releaser>;

// header.payload.signature, each part decoded.
struct parts {
  std::string_view signed_text;
  std::string signature;
  json::object header, claims;
};

std::optional<json::object> parse_object(std::string_view encoded) {
  const auto text = decode_base64url(encoded);
  if (!text) return std::nullopt;
  boost::system::error_code ec;
  json::value value = json::parse(*text, ec);
  if (ec || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

std::optional<parts> split(std::string_view token) {
  const auto first = token.find('.');
  const auto last = token.rfind('.');
  if (first == token.npos || last == first) return std::nullopt;
  auto header = parse_object(token.substr(0, first));
  auto claims = parse_object(token.substr(first + 1, last - first - 1));
  auto signature = decode_base64url(token.substr(last + 1));
  if (!header || !claims || !signature || signature->empty()) return std::nullopt;
  return parts{token.substr(0, last), std::move(*signature), std::move(*header),
               std::move(*claims)};
}

std::string_view text_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view{};
}

result<std::string> key_for(const parts& token, const viewer_token_policy& policy) {
  if (policy.algorithm == "HS256") {
    if (policy.key.empty()) return error{errc::internal, "viewer token", "no secret is configured"};
    return policy.key;
  }
  std::string pem = policy.key;
  if (!policy.jwks.empty()) {
    auto found = find_jwks_key(policy.jwks, text_of(token.header, "kid"), policy.algorithm);
    if (!found) return found.error();
    pem = std::move(*found);
  }
  if (!is_public_key_for(pem, policy.algorithm))
    return error{errc::internal, "viewer token",
                 "the configured key is not a public key for " + policy.algorithm};
  return pem;
}

// libjwt 1.10 compares HMACs with strcmp (CVE-2024-25189), which tells by its timing how much of a
// forged one is right. So it only ever sees signatures that have passed this comparison.
bool hmac_matches(const parts& token, const std::string& secret) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (!HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
            reinterpret_cast<const unsigned char*>(token.signed_text.data()),
            token.signed_text.size(), digest, &size))
    return false;
  return token.signature.size() == size && CRYPTO_memcmp(token.signature.data(), digest, size) == 0;
}

bool signature_matches(const std::string& token, const parts& decoded, const std::string& key,
                       const std::string& algorithm) {
  if (algorithm == "HS256" && !hmac_matches(decoded, key)) return false;
  jwt_t* raw = nullptr;
  const int failed =
      jwt_decode(&raw, token.c_str(), reinterpret_cast<const unsigned char*>(key.data()),
                 static_cast<int>(key.size()));
  const jwt_ptr verified(raw);
  return failed == 0 && verified && jwt_get_alg(raw) == jwt_str_alg(algorithm.c_str());
}

// RFC 7519 2: NumericDate may have a fraction. nullopt: there, but not a number.
std::optional<double> numeric_date(const json::object& claims, std::string_view name,
                                   double missing) {
  const auto* value = claims.if_contains(name);
  if (!value) return missing;
  boost::system::error_code ec;
  const auto number = value->to_number<double>(ec);
  if (ec) return std::nullopt;
  return number;
}

// RFC 7519 4.1.3: "aud" is one name or an array of them.
bool names_audience(const json::object& claims, std::string_view audience) {
  if (text_of(claims, "aud") == audience) return true;
  const auto* value = claims.if_contains("aud");
  if (!value || !value->is_array()) return false;
  for (const auto& entry : value->get_array())
    if (entry.is_string() && std::string_view(entry.get_string()) == audience) return true;
  return false;
}

const char* why_not_now(const json::object& claims, instant now) {
  const double seconds = to_seconds(now.time_since_epoch());
  const auto expires = numeric_date(claims, "exp", HUGE_VAL);
  const auto starts = numeric_date(claims, "nbf", -HUGE_VAL);
  if (!expires || !starts) return "exp or nbf is not a number";
  if (seconds >= *expires + leeway) return "expired";
  if (seconds < *starts - leeway) return "not valid yet";
  return nullptr;
}

std::optional<std::string> as_parameter(const json::value& claim) {
  if (claim.is_string()) return std::string(claim.get_string());
  if (claim.is_number() || claim.is_bool()) return json::serialize(claim);
  return std::nullopt;
}

viewer take_viewer(const json::object& claims, const viewer_token_policy& policy) {
  viewer v{std::string(text_of(claims, "sub")), {}};
  for (const auto& name : policy.ad_claims) {
    const auto* claim = claims.if_contains(name);
    if (!claim) continue;
    if (auto value = as_parameter(*claim)) v.ad_parameters.emplace_back(name, std::move(*value));
  }
  return v;
}

}  // namespace

result<viewer> verify_viewer_token(std::string_view token, const viewer_token_policy& policy,
                                   instant now) {
  if (policy.algorithm != "HS256" && policy.algorithm != "RS256" && policy.algorithm != "ES256")
    return error{errc::internal, "viewer token",
                 "algorithm " + policy.algorithm + " is none of HS256, RS256, ES256"};
  if (token.size() > max_token) return refused("longer than 8 KiB");
  const auto decoded = split(token);
  if (!decoded) return refused("not a JSON Web Token");
  // RFC 8725 3.1: the algorithm is ours to choose, never the token's.
  if (text_of(decoded->header, "alg") != policy.algorithm)
    return refused("signed with another algorithm than the configured one");
  // RFC 7515 4.1.11: what is critical and not understood is a reason to refuse.
  if (decoded->header.contains("crit")) return refused("asks for an extension we do not know");
  const auto key = key_for(*decoded, policy);
  if (!key) return key.error();
  if (!signature_matches(std::string(token), *decoded, *key, policy.algorithm))
    return refused("signature does not match");
  if (const char* why = why_not_now(decoded->claims, now)) return refused(why);
  if (!policy.issuer.empty() && text_of(decoded->claims, "iss") != policy.issuer)
    return refused("from another issuer");
  if (!policy.audience.empty() && !names_audience(decoded->claims, policy.audience))
    return refused("meant for another audience");
  return take_viewer(decoded->claims, policy);
}

}  // namespace interlude::net
