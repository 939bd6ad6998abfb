// HTTPS: who is trusted, and who is known.
#include <openssl/rand.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <mutex>

#include "tests/net/running_client.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/test_certificates.hpp"

using namespace interlude;
using namespace interlude::net;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

// Closes each connection behind its answer, and writes down which were resumed: "r" or "f" (full
// handshake) for each.
class handshake_log {
 public:
  scripted_server::script script() {
    return [this](scripted_connection& c) {
      if (c.read_request().empty()) return;
      {
        const std::lock_guard lock{mutex_};
        seen_ += c.is_resumed() ? 'r' : 'f';
      }
      c.answer("secret", "200 OK", "Connection: close\r\n");
    };
  }
  std::string seen() {
    const std::lock_guard lock{mutex_};
    return seen_;
  }

 private:
  std::mutex mutex_;
  std::string seen_;
};

struct tls_fixture {
  tls_fixture() { std::ofstream{ca_file} << authority.pem(); }

  client_options trusting() const {
    client_options options;
    options.ca_file = ca_file;
    return options;
  }

  scratch_folder folder;
  test_authority authority;
  std::string ca_file = folder / "ca.pem";
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(https_clients, tls_fixture)

BOOST_AUTO_TEST_CASE(a_certificate_of_a_trusted_authority_is_accepted) {
  auto tls = authority.server("DNS:localhost,IP:127.0.0.1");
  scripted_server server{always("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret"), &tls};
  const running_client client{trusting()};
  ok(client.fetch(server.url()), "secret");
  ok(client.fetch(server.url()), "secret");
  BOOST_TEST(server.connections() == 1u);
  ok(client.fetch("https://localhost:" + std::to_string(server.port()) + "/"), "secret");
}

BOOST_AUTO_TEST_CASE(a_certificate_of_an_unknown_authority_is_refused) {
  auto tls = authority.server("DNS:localhost,IP:127.0.0.1");
  std::atomic<int> asked{0};
  scripted_server server{[&](scripted_connection& c) { asked += !c.read_request().empty(); }, &tls};
  const running_client client;
  failed(client.fetch(server.url()), errc::unavailable, "certificate was refused");
  BOOST_TEST(asked == 0);
}

BOOST_AUTO_TEST_CASE(a_certificate_of_another_host_is_refused) {
  auto tls = authority.server("DNS:other.test,IP:127.0.0.2");
  scripted_server server{always("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), &tls};
  const running_client client{trusting()};
  failed(client.fetch(server.url()), errc::unavailable, "certificate");
  failed(client.fetch("https://localhost:" + std::to_string(server.port()) + "/"),
         errc::unavailable, "certificate");
}

BOOST_AUTO_TEST_CASE(a_redirect_does_not_leave_tls) {
  auto tls = authority.server("IP:127.0.0.1");
  scripted_server plain{always("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")};
  scripted_server server{
      always("HTTP/1.1 302 Found\r\nLocation: " + plain.url() + "\r\nContent-Length: 0\r\n\r\n"),
      &tls};
  const running_client client{trusting()};
  failed(client.fetch(server.url()), errc::malformed, "redirected from https");
  BOOST_TEST(plain.connections() == 0u);
}

BOOST_AUTO_TEST_CASE(a_server_that_does_not_speak_tls_is_unavailable) {
  scripted_server server{[](scripted_connection& c) { c.send("HTTP/1.1 400 Bad\r\n\r\n"); }};
  const running_client client{trusting()};
  failed(client.fetch("https://127.0.0.1:" + std::to_string(server.port()) + "/"),
         errc::unavailable, "TLS handshake");
}

BOOST_AUTO_TEST_CASE(a_silent_handshake_times_out) {
  scripted_server server{[](scripted_connection& c) { c.wait_until_closed(); }};
  const running_client client{trusting()};
  auto request = get("https://127.0.0.1:" + std::to_string(server.port()) + "/");
  request.timeout = 100ms;
  failed(client.fetch(request), errc::timed_out, "TLS handshake");
}

BOOST_AUTO_TEST_CASE(another_connection_to_a_host_resumes_the_session_with_it) {
  for (const int version : {TLS1_3_VERSION, TLS1_2_VERSION}) {
    auto tls = authority.server("IP:127.0.0.1");
    SSL_CTX_set_max_proto_version(tls.native_handle(), version);
    handshake_log log;
    scripted_server server{log.script(), &tls};
    const running_client client{trusting()};
    for (int i = 0; i < 4; ++i) ok(client.fetch(server.url()), "secret");
    BOOST_TEST(log.seen() == "frrr");
    BOOST_TEST(client.client->counters().tls_resumed == 3u);
  }
}

BOOST_AUTO_TEST_CASE(a_session_is_for_the_name_it_was_agreed_on_with) {
  auto tls = authority.server("IP:127.0.0.1");
  handshake_log log;
  scripted_server server{log.script(), &tls};
  const running_client client{trusting()};
  ok(client.fetch(server.url()), "secret");
  failed(client.fetch("https://localhost:" + std::to_string(server.port()) + "/"),
         errc::unavailable, "certificate");
  ok(client.fetch(server.url()), "secret");
  BOOST_TEST(log.seen() == "fr");
}

BOOST_AUTO_TEST_CASE(clients_do_not_share_sessions) {
  auto tls = authority.server("IP:127.0.0.1");
  handshake_log log;
  scripted_server server{log.script(), &tls};
  for (int i = 0; i < 2; ++i) ok(running_client{trusting()}.fetch(server.url()), "secret");
  BOOST_TEST(log.seen() == "ff");
}

BOOST_AUTO_TEST_CASE(a_host_that_has_forgotten_its_sessions_is_asked_all_the_same) {
  auto tls = authority.server("IP:127.0.0.1");
  handshake_log log;
  scripted_server server{log.script(), &tls};
  const running_client client{trusting()};
  ok(client.fetch(server.url()), "secret");
  std::array<unsigned char, 80> keys{};
  RAND_bytes(keys.data(), static_cast<int>(keys.size()));
  BOOST_REQUIRE(SSL_CTX_set_tlsext_ticket_keys(tls.native_handle(), keys.data(), keys.size()) == 1);
  ok(client.fetch(server.url()), "secret");
  ok(client.fetch(server.url()), "secret");
  BOOST_TEST(log.seen().substr(0, 2) == "ff");
  BOOST_TEST(log.seen().size() == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
