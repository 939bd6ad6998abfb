#include "net/viewer_token.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <boost/test/unit_test.hpp>
#include <memory>

#include "media/core/base64.hpp"

using namespace interlude;
using namespace interlude::net;
using namespace std::chrono_literals;

namespace {

const instant now{1'800'000'000s};
const std::string secret = "a secret shared with the publisher";

// A key pair made for the test; signs as RFC 7515 says.
class key_pair {
 public:
  explicit key_pair(EVP_PKEY* key) : key_(key, EVP_PKEY_free) { BOOST_REQUIRE(key); }

  std::string pem() const {
    const std::unique_ptr<BIO, int (*)(BIO*)> bio(BIO_new(BIO_s_mem()), BIO_free);
    BOOST_REQUIRE(PEM_write_bio_PUBKEY(bio.get(), key_.get()) == 1);
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
  }

  std::string number(const char* parameter) const {
    BIGNUM* bn = nullptr;
    BOOST_REQUIRE(EVP_PKEY_get_bn_param(key_.get(), parameter, &bn) == 1);
    const bool coordinate = EVP_PKEY_is_a(key_.get(), "EC") == 1;
    std::string bytes(coordinate ? 32 : static_cast<std::size_t>(BN_num_bytes(bn)), '\0');
    BN_bn2binpad(bn, reinterpret_cast<unsigned char*>(bytes.data()),
                 static_cast<int>(bytes.size()));
    BN_free(bn);
    return encode_base64url(bytes);
  }

  std::string sign(const std::string& text) const {
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> ctx(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    std::size_t size = 1024;
    std::string signature(size, '\0');
    auto* out = reinterpret_cast<unsigned char*>(signature.data());
    BOOST_REQUIRE(EVP_DigestSignInit(ctx.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1);
    BOOST_REQUIRE(EVP_DigestSign(ctx.get(), out, &size, bytes, text.size()) == 1);
    signature.resize(size);
    return EVP_PKEY_is_a(key_.get(), "EC") == 1 ? to_fixed_size(signature) : signature;
  }

 private:
  // RFC 7518 3.4: r and s in 32 bytes each, not DER.
  static std::string to_fixed_size(const std::string& der) {
    const auto* p = reinterpret_cast<const unsigned char*>(der.data());
    const std::unique_ptr<ECDSA_SIG, void (*)(ECDSA_SIG*)> sig(
        d2i_ECDSA_SIG(nullptr, &p, static_cast<long>(der.size())), ECDSA_SIG_free);
    std::string raw(64, '\0');
    auto* out = reinterpret_cast<unsigned char*>(raw.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(sig.get()), out, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(sig.get()), out + 32, 32);
    return raw;
  }

  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key_;
};

const key_pair& rsa_key() {
  static const key_pair key(EVP_RSA_gen(2048));
  return key;
}
const key_pair& other_rsa_key() {
  static const key_pair key(EVP_RSA_gen(2048));
  return key;
}
const key_pair& ec_key() {
  static const key_pair key(EVP_EC_gen("P-256"));
  return key;
}

std::string unsigned_text(const std::string& header, const std::string& claims) {
  return encode_base64url(header) + "." + encode_base64url(claims);
}

std::string hs256(const std::string& claims, const std::string& key = secret,
                  const std::string& header = R"({"alg":"HS256","typ":"JWT"})") {
  const std::string text = unsigned_text(header, claims);
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac, &size);
  return text + "." + encode_base64url({reinterpret_cast<const char*>(mac), size});
}

std::string signed_with(const key_pair& key, const std::string& header, const std::string& claims) {
  const std::string text = unsigned_text(header, claims);
  return text + "." + encode_base64url(key.sign(text));
}

std::string rsa_jwk(const std::string& kid, const key_pair& key, const std::string& more = {}) {
  return R"({"kty":"RSA","kid":")" + kid + R"(","n":")" + key.number(OSSL_PKEY_PARAM_RSA_N) +
         R"(","e":")" + key.number(OSSL_PKEY_PARAM_RSA_E) + "\"" + more + "}";
}

std::string ec_jwk(const std::string& kid, const key_pair& key) {
  return R"({"kty":"EC","crv":"P-256","kid":")" + kid + R"(","x":")" +
         key.number(OSSL_PKEY_PARAM_EC_PUB_X) + R"(","y":")" +
         key.number(OSSL_PKEY_PARAM_EC_PUB_Y) + "\"}";
}

viewer_token_policy with_pem(const std::string& algorithm, const std::string& pem) {
  viewer_token_policy policy;
  policy.algorithm = algorithm;
  policy.key = pem;
  return policy;
}
viewer_token_policy with_secret() {
  return with_pem("HS256", secret);
}
viewer_token_policy with_key_set(const std::string& algorithm, const std::string& document) {
  viewer_token_policy policy;
  policy.algorithm = algorithm;
  policy.jwks = document;
  return policy;
}
viewer_token_policy with_keys(const std::string& algorithm, const std::string& keys) {
  return with_key_set(algorithm, R"({"keys":[)" + keys + "]}");
}

void check_accepted(const std::string& token, const viewer_token_policy& policy) {
  const auto r = verify_viewer_token(token, policy, now);
  BOOST_CHECK_MESSAGE(r, (r ? "" : r.error().message()));
  if (r) BOOST_CHECK_EQUAL(r->subject, "anna");
}

void check_refused(const std::string& token, const viewer_token_policy& policy,
                   std::string_view why, errc code = errc::unauthorized) {
  const auto r = verify_viewer_token(token, policy, now);
  BOOST_REQUIRE_MESSAGE(!r, "accepted, but should be refused: " << why);
  BOOST_CHECK(r.error().code == code);
  BOOST_CHECK_EQUAL(r.error().what, why);
}

const std::string anna = R"({"sub":"anna"})";
const std::string rs256_header = R"({"alg":"RS256","kid":"k1"})";
const std::string es256_header = R"({"alg":"ES256","kid":"k1"})";

}  // namespace

BOOST_AUTO_TEST_SUITE(viewer_token)

BOOST_AUTO_TEST_CASE(a_token_signed_with_the_secret_is_accepted) {
  check_accepted(hs256(anna), with_secret());
}

BOOST_AUTO_TEST_CASE(a_token_signed_with_an_rsa_key_is_accepted) {
  const std::string token = signed_with(rsa_key(), rs256_header, anna);
  check_accepted(token, with_pem("RS256", rsa_key().pem()));
  check_accepted(token, with_keys("RS256", rsa_jwk("k0", other_rsa_key()) + "," +
                                               rsa_jwk("k1", rsa_key(), R"(,"use":"sig")")));
}

BOOST_AUTO_TEST_CASE(a_token_signed_with_an_ec_key_is_accepted) {
  const std::string token = signed_with(ec_key(), es256_header, anna);
  check_accepted(token, with_pem("ES256", ec_key().pem()));
  check_accepted(token,
                 with_keys("ES256", rsa_jwk("k1", rsa_key()) + "," + ec_jwk("k1", ec_key())));
}

BOOST_AUTO_TEST_CASE(a_token_without_a_kid_is_checked_with_the_only_key_that_fits) {
  const std::string token = signed_with(rsa_key(), R"({"alg":"RS256"})", anna);
  check_accepted(token, with_keys("RS256", rsa_jwk("k1", rsa_key()) + "," + ec_jwk("e", ec_key())));
  check_refused(token,
                with_keys("RS256", rsa_jwk("k1", rsa_key()) + "," + rsa_jwk("k2", other_rsa_key())),
                "several keys of the key set would fit it");
}

BOOST_AUTO_TEST_CASE(claims_become_ad_parameters) {
  auto policy = with_secret();
  policy.ad_claims = {"tier", "age", "kids", "score", "missing", "list"};
  const auto r = verify_viewer_token(
      hs256(R"({"sub":"anna","tier":"gold","age":42,"kids":true,"score":0.5,"list":[1],"x":1})"),
      policy, now);
  BOOST_REQUIRE(r);
  const decltype(r->ad_parameters) expected = {
      {"tier", "gold"}, {"age", "42"}, {"kids", "true"}, {"score", "5E-1"}};
  BOOST_CHECK(r->ad_parameters == expected);
}

BOOST_AUTO_TEST_CASE(an_unsigned_token_is_refused) {
  for (const std::string alg : {"none", "None", "NONE", ""}) {
    const std::string text = unsigned_text(R"({"alg":")" + alg + "\"}", anna);
    check_refused(text + ".", with_secret(), "not a JSON Web Token");
    check_refused(text + ".AAAA", with_secret(),
                  "signed with another algorithm than the configured one");
  }
  check_refused(unsigned_text("{}", anna) + ".AAAA", with_secret(),
                "signed with another algorithm than the configured one");
}

BOOST_AUTO_TEST_CASE(a_public_key_does_not_serve_as_a_secret) {
  const std::string pem = rsa_key().pem();
  check_refused(hs256(anna, pem), with_pem("RS256", pem),
                "signed with another algorithm than the configured one");
  // Also when the header claims what is configured.
  check_refused(hs256(anna, pem, R"({"alg":"RS256"})"), with_pem("RS256", pem),
                "signature does not match");
  check_refused(hs256(anna, "", R"({"alg":"HS256"})"), with_pem("HS256", ""),
                "no secret is configured", errc::internal);
}

BOOST_AUTO_TEST_CASE(a_key_of_another_kind_than_the_algorithm_is_a_mistake_of_the_policy) {
  const std::string token = signed_with(rsa_key(), rs256_header, anna);
  for (const std::string& pem : {ec_key().pem(), std::string("no PEM"), std::string()})
    check_refused(token, with_pem("RS256", pem), "the configured key is not a public key for RS256",
                  errc::internal);
  const key_pair small(EVP_RSA_gen(1024)), p384(EVP_EC_gen("P-384"));
  check_refused(token, with_pem("RS256", small.pem()),
                "the configured key is not a public key for RS256", errc::internal);
  check_refused(signed_with(ec_key(), es256_header, anna), with_pem("ES256", p384.pem()),
                "the configured key is not a public key for ES256", errc::internal);
  check_refused(token, with_pem("RS512", rsa_key().pem()),
                "algorithm RS512 is none of HS256, RS256, ES256", errc::internal);
}

BOOST_AUTO_TEST_CASE(a_tampered_token_is_refused) {
  const auto with_other_claims = [](const std::string& token) {
    const auto first = token.find('.'), last = token.rfind('.');
    return token.substr(0, first + 1) + encode_base64url(R"({"sub":"anna","tier":"gold"})") +
           token.substr(last);
  };
  const std::string why = "signature does not match";
  check_refused(with_other_claims(hs256(anna)), with_secret(), why);
  check_refused(with_other_claims(signed_with(rsa_key(), rs256_header, anna)),
                with_pem("RS256", rsa_key().pem()), why);
  check_refused(with_other_claims(signed_with(ec_key(), es256_header, anna)),
                with_pem("ES256", ec_key().pem()), why);
  check_refused(hs256(anna, "another secret"), with_secret(), why);
  check_refused(signed_with(other_rsa_key(), rs256_header, anna),
                with_pem("RS256", rsa_key().pem()), why);
}

BOOST_AUTO_TEST_CASE(a_key_that_is_not_meant_for_it_is_not_used) {
  const std::string token = signed_with(rsa_key(), rs256_header, anna);
  const std::string why = "no key of the key set fits it";
  check_refused(token, with_keys("RS256", rsa_jwk("k2", rsa_key())), why);
  check_refused(token, with_keys("RS256", rsa_jwk("k1", rsa_key(), R"(,"use":"enc")")), why);
  check_refused(token, with_keys("RS256", rsa_jwk("k1", rsa_key(), R"(,"alg":"RS512")")), why);
  check_refused(token, with_keys("RS256", ""), why);
  check_refused(token, with_keys("RS256", R"({"kty":"RSA","kid":"k1","n":"!","e":"AQAB"})"),
                "the key of the key set that fits it cannot be read");
  // A point that is not on the curve.
  check_refused(signed_with(ec_key(), es256_header, anna),
                with_keys("ES256", R"({"kty":"EC","crv":"P-256","kid":"k1","x":")" +
                                       encode_base64url(std::string(32, '\1')) + R"(","y":")" +
                                       encode_base64url(std::string(32, '\1')) + "\"}"),
                "the key of the key set that fits it cannot be read");
}

BOOST_AUTO_TEST_CASE(a_key_set_is_bounded) {
  const std::string token = signed_with(rsa_key(), rs256_header, anna);
  std::string keys = "{}";
  for (int i = 0; i < 64; ++i) keys += ",{}";
  check_refused(token, with_keys("RS256", keys), "the key set has more than 64 keys",
                errc::internal);
  check_refused(token, with_keys("RS256", std::string(70'000, ' ')),
                "the key set is larger than 64 KiB", errc::internal);
  check_refused(token, with_key_set("RS256", "<html>"), "the document is not a JSON Web Key Set",
                errc::internal);
}

BOOST_AUTO_TEST_CASE(exp_and_nbf_are_honoured_with_a_minute_of_leeway) {
  const auto at = [](const char* name, long seconds) {
    return hs256(R"({"sub":"anna",")" + std::string(name) + "\":" + std::to_string(seconds) + "}");
  };
  check_accepted(at("exp", 1'800'000'000 - 59), with_secret());
  check_refused(at("exp", 1'800'000'000 - 60), with_secret(), "expired");
  check_accepted(at("nbf", 1'800'000'000 + 60), with_secret());
  check_refused(at("nbf", 1'800'000'000 + 61), with_secret(), "not valid yet");
  check_accepted(hs256(R"({"sub":"anna","exp":1800000000.5})"), with_secret());
  check_refused(hs256(R"({"sub":"anna","exp":"1900000000"})"), with_secret(),
                "exp or nbf is not a number");
}

BOOST_AUTO_TEST_CASE(issuer_and_audience_are_checked_if_configured) {
  auto policy = with_secret();
  policy.issuer = "publisher";
  policy.audience = "interlude";
  check_accepted(hs256(R"({"sub":"anna","iss":"publisher","aud":"interlude"})"), policy);
  check_accepted(hs256(R"({"sub":"anna","iss":"publisher","aud":["a","interlude"]})"), policy);
  check_refused(hs256(R"({"iss":"other","aud":"interlude"})"), policy, "from another issuer");
  check_refused(hs256(R"({"aud":"interlude"})"), policy, "from another issuer");
  check_refused(hs256(R"({"iss":"publisher","aud":"other"})"), policy,
                "meant for another audience");
  check_refused(hs256(R"({"iss":"publisher","aud":["a",1]})"), policy,
                "meant for another audience");
}

BOOST_AUTO_TEST_CASE(garbage_is_refused) {
  for (const std::string token :
       {"", ".", "..", "...", "a.b.c", "e30.e30.", "e30.e30", "W10.e30.AAAA"})
    check_refused(token, with_secret(), "not a JSON Web Token");
  check_refused(hs256(anna) + "=", with_secret(), "not a JSON Web Token");
  check_refused(hs256(anna) + ".AAAA", with_secret(), "not a JSON Web Token");
  check_refused(hs256("[1]"), with_secret(), "not a JSON Web Token");
  check_refused(hs256(std::string(200, '[')), with_secret(), "not a JSON Web Token");
  check_refused(std::string(9000, 'A'), with_secret(), "longer than 8 KiB");
  check_refused(hs256(anna, secret, R"({"alg":"HS256","crit":["x"]})"), with_secret(),
                "asks for an extension we do not know");
}

BOOST_AUTO_TEST_SUITE_END()
