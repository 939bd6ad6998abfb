#include "net/tls_session_cache.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace interlude::net;

namespace {

constexpr std::time_t noon = 1'800'000'000;

// As a server would have given it, `number` its id.
tls_session_ptr made(unsigned char number, int version = TLS1_3_VERSION, long timeout = 7200) {
  tls_session_ptr s{SSL_SESSION_new(), SSL_SESSION_free};
  SSL_SESSION_set_protocol_version(s.get(), version);
  SSL_SESSION_set1_id(s.get(), &number, 1);
  SSL_SESSION_set_time(s.get(), noon);
  SSL_SESSION_set_timeout(s.get(), timeout);
  return s;
}

// Ids of what is taken until there is nothing more, at most five.
std::string taken(tls_sessions& from, std::time_t now = noon) {
  std::string out;
  for (int i = 0; i < 5; ++i) {
    const auto s = from.take(now);
    if (!s) break;
    unsigned size = 0;
    const auto* id = SSL_SESSION_get_id(s.get(), &size);
    out += std::to_string(size > 0 ? id[0] : 0) + ' ';
  }
  return out;
}

client_endpoint host(int n) {
  return {true, "host" + std::to_string(n) + ".test", "443"};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tls_session_caches)

BOOST_AUTO_TEST_CASE(a_ticket_is_used_once_the_latest_first) {
  tls_sessions s;
  BOOST_TEST(taken(s) == "");
  s.keep(made(1).get());
  s.keep(made(2).get());
  BOOST_TEST(taken(s) == "2 1 ");
}

BOOST_AUTO_TEST_CASE(a_session_of_tls_1_2_is_used_until_there_is_another) {
  tls_sessions s;
  s.keep(made(1, TLS1_2_VERSION).get());
  BOOST_TEST(taken(s) == "1 1 1 1 1 ");
  s.keep(made(2, TLS1_2_VERSION).get());
  BOOST_TEST(taken(s) == "2 2 2 2 2 ");
  s.forget();
  BOOST_TEST(taken(s) == "");
}

BOOST_AUTO_TEST_CASE(no_session_lasts_longer_than_it_says_or_than_an_hour) {
  for (const auto& [timeout, age] : {std::pair{10L, 10}, std::pair{100'000L, 3600}}) {
    tls_sessions s;
    s.keep(made(1, TLS1_2_VERSION, timeout).get());
    BOOST_TEST((s.take(noon + age - 1) != nullptr));
    BOOST_TEST((s.take(noon + age) == nullptr));
    BOOST_TEST(s.size() == 0u);
  }
}

BOOST_AUTO_TEST_CASE(only_a_few_are_kept_and_none_that_cannot_be_resumed) {
  tls_sessions s;
  const tls_session_ptr empty{SSL_SESSION_new(), SSL_SESSION_free};
  s.keep(empty.get());
  BOOST_TEST(s.size() == 0u);
  for (unsigned char i = 0; i < 100; ++i) s.keep(made(i).get());
  BOOST_TEST(s.size() == tls_sessions::most);
  BOOST_TEST(taken(s) == "99 98 97 96 95 ");
}

BOOST_AUTO_TEST_CASE(each_host_has_its_own_and_the_one_not_asked_for_longest_is_forgotten) {
  tls_session_cache cache{2};
  for (unsigned char i = 0; i < 2; ++i) cache.of(host(i))->keep(made(i).get());
  cache.of(host(0));
  cache.of(host(2));
  BOOST_TEST(cache.of(host(0))->size() == 1u);
  BOOST_TEST(cache.of(host(1))->size() == 0u);
  auto plain_port = host(0);
  plain_port.port = "8443";
  BOOST_TEST(cache.of(plain_port)->size() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
