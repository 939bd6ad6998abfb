#include "storage/cache_table.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/support/scratch_folder.hpp"

using namespace interlude;
using namespace interlude::storage;
using interlude::test::scratch_folder;

namespace {

struct kept_table {
  explicit kept_table(std::uint64_t max_bytes = 1000) : max(max_bytes) { open(); }
  void open() {
    table.reset();
    env.reset();
    auto e = environment::open({folder.path()});
    BOOST_REQUIRE_MESSAGE(e, (e ? "" : e.error().message()));
    env = *e;
    table = *cache_table::open(env, "cache", max);
  }
  void put(std::string_view key, std::string_view record) {
    BOOST_TEST(env->write([&](transaction& t) { table->put(t, key, record); }).has_value());
  }
  void erase(std::string_view key) {
    BOOST_TEST(env->write([&](transaction& t) { table->erase(t, key); }).has_value());
  }
  std::string find(std::string_view key) { return table->find(key)->value_or("nothing"); }

  scratch_folder folder;
  std::uint64_t max;
  std::shared_ptr<environment> env;
  std::optional<cache_table> table;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(cache_tables)

BOOST_AUTO_TEST_CASE(what_was_put_is_found_also_when_opened_again) {
  kept_table k;
  k.put("a", "one");
  k.put("b", "");
  k.open();
  BOOST_TEST(k.find("a") == "one");
  BOOST_TEST(k.find("b") == "");
  BOOST_TEST(k.find("c") == "nothing");
  BOOST_TEST(k.table->bytes().value() == 5u);
}

BOOST_AUTO_TEST_CASE(what_was_written_first_makes_room) {
  kept_table k{30};
  k.put("a", "123456789");
  k.put("b", "123456789");
  k.put("c", "123456789");
  BOOST_TEST(k.table->bytes().value() == 30u);
  k.put("d", "1");
  BOOST_TEST(k.find("a") == "nothing");
  BOOST_TEST(k.find("b") == "123456789");
  BOOST_TEST(k.find("d") == "1");
  BOOST_TEST(k.table->bytes().value() == 22u);
}

BOOST_AUTO_TEST_CASE(what_is_written_again_is_as_young_as_a_new_one) {
  kept_table k{30};
  for (const auto* key : {"a", "b", "c", "a"}) k.put(key, "123456789");
  BOOST_TEST(k.table->bytes().value() == 30u);
  k.put("d", "123456789");
  BOOST_TEST(k.find("b") == "nothing");
  BOOST_TEST(k.find("a") == "123456789");
}

BOOST_AUTO_TEST_CASE(a_record_may_take_the_place_of_many_but_not_be_larger_than_all) {
  kept_table k{30};
  for (const auto* key : {"a", "b", "c"}) k.put(key, "123456789");
  k.put("d", std::string(29, 'x'));
  BOOST_TEST(k.table->bytes().value() == 30u);
  BOOST_TEST(k.find("c") == "nothing");
  k.put("d", std::string(30, 'x'));
  // What stood there is not what was written last.
  BOOST_TEST(k.find("d") == "nothing");
  BOOST_TEST(k.table->bytes().value() == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_taken_out_counts_no_more) {
  kept_table k;
  k.put("a", "one");
  k.erase("a");
  k.erase("b");
  BOOST_TEST(k.find("a") == "nothing");
  BOOST_TEST(k.table->bytes().value() == 0u);
}

BOOST_AUTO_TEST_CASE(keys_that_the_store_cannot_hold_are_not_kept) {
  kept_table k{10'000};
  k.put(std::string(401, 'k'), "x");
  k.put("", "x");
  BOOST_TEST(k.find(std::string(401, 'k')) == "nothing");
  BOOST_TEST(k.find("") == "nothing");
  k.put(std::string(400, 'k'), "x");
  BOOST_TEST(k.find(std::string(400, 'k')) == "x");
}

BOOST_AUTO_TEST_CASE(a_smaller_bound_holds_from_the_next_write_on) {
  kept_table k{1000};
  for (int i = 0; i < 50; ++i) k.put("k" + std::to_string(i), "123456789");
  k.max = 100;
  k.open();
  k.put("last", "x");
  BOOST_TEST(k.table->bytes().value() <= 100u);
  BOOST_TEST(k.find("last") == "x");
  BOOST_TEST(k.find("k49") == "123456789");
}

BOOST_AUTO_TEST_SUITE_END()
