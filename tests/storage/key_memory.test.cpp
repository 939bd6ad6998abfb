#include "storage/key_memory.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/support/scratch_folder.hpp"

using namespace interlude;
using namespace interlude::storage;
using namespace std::chrono_literals;

namespace {

const instant noon = *parse_iso8601("2026-11-24T12:00:00Z");

struct kept_keys {
  kept_keys() { open(); }
  void open() {
    keys.reset();
    env.reset();
    env = *environment::open({folder.path()});
    keys = *key_memory::open(env, "keys");
  }
  bool add(std::string_view key, instant until) {
    bool added = false;
    BOOST_TEST(env->write([&](transaction& t) { added = keys->add(t, key, until); }).has_value());
    return added;
  }
  std::size_t forget(instant now, std::size_t most = 100) {
    std::size_t count = 0;
    BOOST_TEST(env->write([&](transaction& t) { count = keys->forget(t, now, most); }).has_value());
    return count;
  }

  interlude::test::scratch_folder folder;
  std::shared_ptr<environment> env;
  std::optional<key_memory> keys;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(key_memories)

BOOST_AUTO_TEST_CASE(a_key_is_new_once_also_when_opened_again) {
  kept_keys k;
  BOOST_TEST(k.add("a", noon));
  BOOST_TEST(!k.add("a", noon + 1h));
  BOOST_TEST(k.add("b", noon));
  k.open();
  BOOST_TEST(!k.add("a", noon));
  BOOST_TEST(k.keys->size().value() == 2u);
}

BOOST_AUTO_TEST_CASE(keys_are_forgotten_in_time_a_few_at_a_time) {
  kept_keys k;
  for (int i = 0; i < 5; ++i) k.add("key " + std::to_string(i), noon + i * 1min);
  BOOST_TEST(k.forget(noon - 1s) == 0u);
  BOOST_TEST(k.forget(noon + 3min, 3) == 3u);
  BOOST_TEST(k.forget(noon + 3min, 3) == 1u);
  BOOST_TEST(k.add("key 3", noon + 1h));
  BOOST_TEST(!k.add("key 4", noon + 1h));
  // Nor is one forgotten that was remembered anew since.
  BOOST_TEST(k.forget(noon + 10min) == 1u);
  BOOST_TEST(!k.add("key 3", noon + 1h));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_a_key_is_always_new) {
  kept_keys k;
  const std::string longer(key_memory::longest_key + 1, 'x'), longest(key_memory::longest_key, 'x');
  for (const bool known : {false, true}) {
    BOOST_TEST(k.add("", noon));
    BOOST_TEST(k.add(longer, noon));
    BOOST_TEST(k.add(longest, noon) == !known);
  }
}

BOOST_AUTO_TEST_SUITE_END()
