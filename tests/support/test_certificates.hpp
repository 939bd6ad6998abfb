// A certificate authority and what it signs, made anew for each test.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <stdexcept>
#include <string>

namespace interlude::test {

class test_authority {
 public:
  test_authority() : key_(make_key()), certificate_(make("Interlude test CA", "CA:TRUE", {})) {}

  std::string pem() const { return pem_of(certificate_.get()); }

  // A server's context; `names` as in "DNS:localhost,IP:127.0.0.1".
  boost::asio::ssl::context server(const std::string& names) const {
    const auto key = make_key();
    const auto certificate = make("Interlude test server", "CA:FALSE", names, key.get());
    boost::asio::ssl::context out{boost::asio::ssl::context::tls_server};
    if (SSL_CTX_use_certificate(out.native_handle(), certificate.get()) != 1 ||
        SSL_CTX_use_PrivateKey(out.native_handle(), key.get()) != 1)
      throw std::runtime_error("the test's certificate does not fit its key");
    return out;
  }

 private:
  using key_ptr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
  using certificate_ptr = std::unique_ptr<X509, decltype(&X509_free)>;

  static key_ptr make_key() { return {EVP_EC_gen("P-256"), EVP_PKEY_free}; }

  static std::string pem_of(X509* certificate) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> out{BIO_new(BIO_s_mem()), BIO_free};
    PEM_write_bio_X509(out.get(), certificate);
    char* text = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
  }

  static void extend(X509* certificate, int kind, const std::string& value) {
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension{
        X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()), X509_EXTENSION_free};
    if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1)
      throw std::runtime_error("not a certificate extension: " + value);
  }

  // Signed by this authority; without a key of its own it is the authority's.
  certificate_ptr make(const char* name, const char* constraints, const std::string& names,
                       EVP_PKEY* key = nullptr) const {
    certificate_ptr out{X509_new(), X509_free};
    X509_set_version(out.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(out.get()), key ? 2 : 1);
    X509_gmtime_adj(X509_getm_notBefore(out.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(out.get()), 3600);
    auto* subject = X509_get_subject_name(out.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
    X509_set_issuer_name(out.get(), key ? X509_get_subject_name(certificate_.get()) : subject);
    X509_set_pubkey(out.get(), key ? key : key_.get());
    extend(out.get(), NID_basic_constraints, std::string{"critical,"} + constraints);
    if (!names.empty()) extend(out.get(), NID_subject_alt_name, names);
    if (X509_sign(out.get(), key_.get(), EVP_sha256()) == 0)
      throw std::runtime_error("the test's certificate cannot be signed");
    return out;
  }

  key_ptr key_;
  certificate_ptr certificate_{nullptr, X509_free};
};

}  // namespace interlude::test
