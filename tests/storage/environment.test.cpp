#include "storage/environment.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "storage/record_table.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace interlude;
using namespace interlude::storage;
using interlude::test::scratch_folder;

namespace {

std::shared_ptr<environment> opened(const environment_options& options) {
  auto e = environment::open(options);
  BOOST_REQUIRE_MESSAGE(e, (e ? "" : e.error().message()));
  return *e;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(the_store)

BOOST_AUTO_TEST_CASE(what_was_written_is_read_in_key_order_after_reopening) {
  const scratch_folder folder;
  {
    auto e = opened({folder.path()});
    const auto table = *e->table("things");
    BOOST_TEST(e->write([&](transaction& t) {
                  for (const auto* key : {"b", "a", "c"})
                    t.put(table, key, std::string{"value of "} + key);
                  t.erase(table, "c");
                }).has_value());
  }
  auto e = opened({folder.path()});
  const auto table = *e->table("things");
  std::string seen;
  BOOST_TEST(e->read([&](const transaction& t) {
                t.scan(table, {}, [&](std::string_view k, std::string_view v) {
                  seen.append(k).append("=").append(v).append(";");
                  return true;
                });
              }).has_value());
  BOOST_TEST(seen == "a=value of a;b=value of b;");
}

BOOST_AUTO_TEST_CASE(a_scan_begins_at_the_first_key_not_less_and_ends_when_told) {
  const scratch_folder folder;
  const auto e = opened({folder.path()});
  const auto table = *e->table("things");
  BOOST_TEST(e->write([&](transaction& t) {
                for (const auto* key : {"a", "c", "d", "e"}) t.put(table, key, "");
              }).has_value());
  std::string seen;
  BOOST_TEST(e->read([&](const transaction& t) {
                t.scan(table, "b", [&](std::string_view k, std::string_view) {
                  seen.append(k);
                  return k != "d";
                });
              }).has_value());
  BOOST_TEST(seen == "cd");
}

BOOST_AUTO_TEST_CASE(the_map_grows_by_itself) {
  const scratch_folder folder;
  auto e = opened({folder.path(), 256 * 1024});
  const auto table = *e->table("things");
  const std::string large(100'000, 'x');
  for (int i = 0; i < 50; ++i)
    BOOST_TEST_REQUIRE(e->write([&](transaction& t) {
                          t.put(table, "key" + std::to_string(i), large);
                        }).has_value());
  BOOST_TEST(e->map_bytes() > 5'000'000u);
}

BOOST_AUTO_TEST_CASE(a_store_that_cannot_grow_further_says_so_and_keeps_what_it_has) {
  const scratch_folder folder;
  auto e = opened({folder.path(), 256 * 1024, 256 * 1024});
  const auto table = *e->table("things");
  BOOST_TEST(e->write([&](transaction& t) { t.put(table, "small", "kept"); }).has_value());
  BOOST_TEST(
      !e->write([&](transaction& t) { t.put(table, "large", std::string(1'000'000, 'x')); }));
  std::string kept;
  BOOST_TEST(e->read([&](const transaction& t) {
                kept = t.get(table, "small").value_or("");
              }).has_value());
  BOOST_TEST(kept == "kept");
}

BOOST_AUTO_TEST_CASE(a_damaged_or_foreign_file_is_refused_with_advice) {
  const scratch_folder folder;
  std::ofstream{folder / "data.mdb"} << std::string(20'000, 'z');
  const auto e = environment::open({folder.path()});
  BOOST_REQUIRE(!e);
  BOOST_TEST(e.error().what.find("move the folder away") != std::string::npos, e.error().message());
}

BOOST_AUTO_TEST_CASE(a_store_whose_pages_were_overwritten_is_refused_or_says_what_is_wrong) {
  const scratch_folder folder;
  {
    const auto e = opened({folder.path()});
    const auto table = *e->table("things");
    BOOST_TEST(e->write([&](transaction& t) { t.put(table, "key", "value"); }).has_value());
  }
  {
    // Both meta pages: LMDB itself survives the loss of one.
    std::fstream file{folder / "data.mdb", std::ios::in | std::ios::out | std::ios::binary};
    file << std::string(8192, '\x5a');
  }
  const auto e = environment::open({folder.path()});
  BOOST_REQUIRE(!e);
  BOOST_TEST((e.error().code == errc::malformed));
  BOOST_TEST(e.error().what.find("damaged") != std::string::npos, e.error().message());
}

BOOST_AUTO_TEST_CASE(a_second_process_is_refused) {
  const scratch_folder folder;
  const auto first = opened({folder.path()});
  const auto second = environment::open({folder.path()});
  BOOST_REQUIRE(!second);
  BOOST_TEST(second.error().what.find("another process") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_store_of_another_format_is_refused) {
  const scratch_folder folder;
  {
    auto e = opened({folder.path()});
    const auto meta = *e->table("meta");
    BOOST_TEST(
        e->write([&](transaction& t) { t.put(meta, "format", "interlude 99"); }).has_value());
  }
  const auto e = environment::open({folder.path()});
  BOOST_REQUIRE(!e);
  BOOST_TEST(e.error().what.find("interlude 99") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_was_committed_survives_the_process) {
  const scratch_folder folder;
  const auto child = ::fork();
  if (child == 0) {
    auto e = environment::open({folder.path()});
    if (e) {
      const auto c = record_table::open(*e, "records");
      static_cast<void>((*e)->write([&](transaction& t) { c->put(t, "key", "record"); }));
    }
    ::_exit(0);  // no destructor runs, as when the process is killed
  }
  ::waitpid(child, nullptr, 0);
  const auto c = record_table::open(opened({folder.path()}), "records");
  BOOST_REQUIRE(c);
  BOOST_TEST((c->find("key").value() == "record"));
  BOOST_TEST(c->all()->size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
