#include "net/jwks.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <memory>

#include "media/core/base64.hpp"

namespace interlude::net {

namespace {

namespace json = boost::json;

constexpr std::size_t max_jwks_bytes = 64 * 1024;
constexpr std::size_t max_keys = 64;
constexpr std::size_t p256_coordinate = 32;
constexpr int min_rsa_bits = 2048;  // RFC 7518 3.3
constexpr int max_rsa_bits = 8192;  // beyond that a verification is a way to keep us busy

template <auto release>
struct releaser {
  template <class T>
  void operator()(T* object) const {
    release(object);
  }
};
using bio_ptr = std::unique_ptr<BIO, releaser<BIO_free>>;
using bignum_ptr = std::unique_ptr<BIGNUM, releaser<BN_free>>;
using pkey_ptr = std::unique_ptr<EVP_PKEY, releaser<EVP_PKEY_free>>;
using pkey_context_ptr = std::unique_ptr<EVP_PKEY_CTX, releaser<EVP_PKEY_CTX_free>>;
using param_builder_ptr = std::unique_ptr<OSSL_PARAM_BLD, releaser<OSSL_PARAM_BLD_free>>;
using params_ptr = std::unique_ptr<OSSL_PARAM, releaser<OSSL_PARAM_free>>;

std::string_view text_of(const json::object& key, std::string_view name) {
  const auto* value = key.if_contains(name);
  return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view{};
}

std::string member_bytes(const json::object& key, std::string_view name) {
  return decode_base64url(text_of(key, name)).value_or("");
}

bignum_ptr to_bignum(const std::string& bytes) {
  return bignum_ptr(BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                              static_cast<int>(bytes.size()), nullptr));
}

pkey_ptr make_key(const char* type, OSSL_PARAM_BLD* builder) {
  const params_ptr params(OSSL_PARAM_BLD_to_param(builder));
  const pkey_context_ptr context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1)
    return nullptr;
  return pkey_ptr(key);
}

pkey_ptr make_rsa_key(const json::object& key) {
  const std::string n = member_bytes(key, "n"), e = member_bytes(key, "e");
  if (n.empty() || e.empty() || n.size() > max_rsa_bits / 8 || e.size() > 8) return nullptr;
  const bignum_ptr modulus = to_bignum(n), exponent = to_bignum(e);
  const param_builder_ptr builder(OSSL_PARAM_BLD_new());
  if (!modulus || !exponent || !builder ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) != 1)
    return nullptr;
  return make_key("RSA", builder.get());
}

pkey_ptr make_ec_key(const json::object& key) {
  const std::string x = member_bytes(key, "x"), y = member_bytes(key, "y");
  // RFC 7518 6.2.1.2: the full size of a coordinate, leading zeros included.
  if (text_of(key, "crv") != "P-256" || x.size() != p256_coordinate || y.size() != p256_coordinate)
    return nullptr;
  const std::string point = '\x04' + x + y;
  const param_builder_ptr builder(OSSL_PARAM_BLD_new());
  if (!builder ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) !=
          1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                       point.size()) != 1)
    return nullptr;
  return make_key("EC", builder.get());
}

std::string to_pem(EVP_PKEY* key) {
  const bio_ptr bio(BIO_new(BIO_s_mem()));
  if (!key || !bio || PEM_write_bio_PUBKEY(bio.get(), key) != 1) return {};
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string{};
}

// RFC 7517 4.2, 4.4: "use" and "alg" are optional, but binding where they are given.
bool fits(const json::object& key, std::string_view kid, std::string_view algorithm) {
  if (text_of(key, "kty") != (algorithm == "ES256" ? "EC" : "RSA")) return false;
  if (key.contains("use") && text_of(key, "use") != "sig") return false;
  if (key.contains("alg") && text_of(key, "alg") != algorithm) return false;
  return kid.empty() || text_of(key, "kid") == kid;
}

error bad_key_set(const char* what) {
  return {errc::internal, "JWKS", what};
}
error no_key(const char* what) {
  return {errc::unauthorized, "viewer token", what};
}

}  // namespace

result<std::string> find_jwks_key(std::string_view jwks, std::string_view kid,
                                  std::string_view algorithm) {
  if (jwks.size() > max_jwks_bytes) return bad_key_set("the key set is larger than 64 KiB");
  boost::system::error_code ec;
  const json::value document = json::parse(jwks, ec);
  const auto* object = ec ? nullptr : document.if_object();
  const auto* keys = object ? object->if_contains("keys") : nullptr;
  if (!keys || !keys->is_array()) return bad_key_set("the document is not a JSON Web Key Set");
  if (keys->get_array().size() > max_keys) return bad_key_set("the key set has more than 64 keys");
  const json::object* found = nullptr;
  for (const auto& entry : keys->get_array()) {
    const auto* key = entry.if_object();
    if (!key || !fits(*key, kid, algorithm)) continue;
    if (found) return no_key("several keys of the key set would fit it");
    found = key;
  }
  if (!found) return no_key("no key of the key set fits it");
  const auto key = algorithm == "ES256" ? make_ec_key(*found) : make_rsa_key(*found);
  std::string pem = to_pem(key.get());
  if (pem.empty()) return no_key("the key of the key set that fits it cannot be read");
  return pem;
}

bool is_public_key_for(std::string_view pem, std::string_view algorithm) {
  const bio_ptr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const pkey_ptr key(bio ? PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr) : nullptr);
  if (!key) return false;
  if (algorithm == "RS256") {
    const int bits = EVP_PKEY_get_bits(key.get());
    return EVP_PKEY_is_a(key.get(), "RSA") == 1 && bits >= min_rsa_bits && bits <= max_rsa_bits;
  }
  char group[32];
  std::size_t size = 0;
  return algorithm == "ES256" && EVP_PKEY_is_a(key.get(), "EC") == 1 &&
         EVP_PKEY_get_group_name(key.get(), group, sizeof group, &size) == 1 &&
         std::string_view(group, size) == "prime256v1";
}

}  // namespace interlude::net
