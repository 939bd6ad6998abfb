#include "storage/record_table.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/support/scratch_folder.hpp"

using namespace interlude;
using namespace interlude::storage;
using interlude::test::scratch_folder;

namespace {

record_table opened(const scratch_folder& folder, std::shared_ptr<environment>& env) {
  auto e = environment::open({folder.path()});
  BOOST_REQUIRE_MESSAGE(e, (e ? "" : e.error().message()));
  env = *e;
  auto c = record_table::open(env, "records");
  BOOST_REQUIRE(c);
  return *c;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(record_tables)

BOOST_AUTO_TEST_CASE(a_record_is_found_under_its_key_only) {
  const scratch_folder folder;
  std::shared_ptr<environment> env;
  const auto c = opened(folder, env);
  BOOST_TEST(env->write([&](transaction& t) { c.put(t, "key", "record"); }).has_value());
  BOOST_TEST((c.find("key").value() == "record"));
  BOOST_TEST(!c.find("ke").value().has_value());
  BOOST_TEST(!c.find("keys").value().has_value());
}

BOOST_AUTO_TEST_CASE(a_record_can_be_replaced_and_taken_out) {
  const scratch_folder folder;
  std::shared_ptr<environment> env;
  const auto c = opened(folder, env);
  const auto put = [&](std::string_view record) {
    BOOST_TEST(env->write([&](transaction& t) { c.put(t, "key", record); }).has_value());
  };
  put("first");
  put("second, and longer");
  BOOST_TEST((c.find("key").value() == "second, and longer"));
  BOOST_TEST(env->write([&](transaction& t) { c.erase(t, "key"); }).has_value());
  BOOST_TEST(!c.find("key").value().has_value());
  // What is not there can be taken out as well.
  BOOST_TEST(env->write([&](transaction& t) { c.erase(t, "key"); }).has_value());
}

BOOST_AUTO_TEST_CASE(all_records_come_in_the_order_of_their_keys) {
  const scratch_folder folder;
  std::shared_ptr<environment> env;
  const auto c = opened(folder, env);
  BOOST_TEST(c.all()->empty());
  BOOST_TEST(env->write([&](transaction& t) {
                  c.put(t, "b", "2");
                  c.put(t, "c", "3");
                  c.put(t, "a", "1");
                })
                 .has_value());
  const auto all = c.all();
  BOOST_REQUIRE(all);
  const std::vector<std::pair<std::string, std::string>> wanted{{"a", "1"}, {"b", "2"}, {"c", "3"}};
  BOOST_TEST((*all == wanted));
}

BOOST_AUTO_TEST_CASE(records_are_found_by_how_their_keys_begin) {
  const scratch_folder folder;
  std::shared_ptr<environment> env;
  const auto c = opened(folder, env);
  BOOST_TEST(env->write([&](transaction& t) {
                  for (const auto* key : {"tv/one", "tv/one\na", "tv/one\nb", "tv/one2", "tv/two"})
                    c.put(t, key, key);
                })
                 .has_value());
  const auto found = c.beginning_with("tv/one\n");
  BOOST_REQUIRE(found);
  const std::vector<std::pair<std::string, std::string>> wanted{{"tv/one\na", "tv/one\na"},
                                                                {"tv/one\nb", "tv/one\nb"}};
  BOOST_TEST((*found == wanted));
  BOOST_TEST(c.beginning_with("x")->empty());
}

BOOST_AUTO_TEST_CASE(records_can_be_read_a_few_at_a_time) {
  const scratch_folder folder;
  std::shared_ptr<environment> env;
  const auto c = opened(folder, env);
  BOOST_TEST(env->write([&](transaction& t) {
                  for (const auto* key : {"a", "b", "d"}) c.put(t, key, key);
                })
                 .has_value());
  const auto keys = [&](std::string_view from, std::size_t most) {
    std::string out;
    const auto some = c.some(from, most);
    for (const auto& [key, record] : some.value()) out += key;
    return out;
  };
  BOOST_TEST(keys("", 2) == "ab");
  BOOST_TEST(keys("c", 2) == "d");
  BOOST_TEST(keys("b", 0) == "");
  BOOST_TEST(keys("e", 2) == "");
}

BOOST_AUTO_TEST_CASE(a_write_that_cannot_be_finished_leaves_nothing_behind) {
  const scratch_folder folder;
  auto e = environment::open({folder.path(), 256 * 1024, 256 * 1024});
  BOOST_REQUIRE(e);
  const auto c = *record_table::open(*e, "records");
  BOOST_TEST(!(*e)->write([&](transaction& t) {
    c.put(t, "first", "small");
    c.put(t, "second", std::string(1'000'000, 'x'));
  }));
  BOOST_TEST(c.all()->empty());
}

BOOST_AUTO_TEST_SUITE_END()
