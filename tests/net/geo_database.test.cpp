// Where an address is, and what becomes of a database that is replaced or damaged.
#include "net/geo_database.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <thread>
#include <vector>

#include "tests/support/mmdb_writer.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace interlude;
using namespace interlude::net;
using namespace interlude::test;

namespace boost::test_tools::tt_detail {
template <>
struct print_log_value<place> {
  void operator()(std::ostream& out, const place& p) { out << p.country << ' ' << p.region; }
};
}  // namespace boost::test_tools::tt_detail

namespace {

std::string world() {
  return mmdb_writer{}
      .add("203.0.113.0", 24, mmdb_place("DE", "BE"))
      .add("198.51.100.0", 25, mmdb_place("FR"))
      .add("2001:db8::", 32, mmdb_place("US", "CA"))
      .add("192.0.2.0", 24, mmdb_place("Germany", "Berlin"))
      .add("192.0.3.0", 24, mmdb_text("elsewhere"))
      .bytes();
}

struct world_file {
  explicit world_file(const std::string& bytes = world()) { write(bytes); }

  void write(const std::string& bytes) { std::ofstream{path, std::ios::binary} << bytes; }
  // As one should: in one step.
  void replace(const std::string& bytes) {
    std::ofstream{folder / "next", std::ios::binary} << bytes;
    std::filesystem::rename(folder / "next", path);
  }
  std::shared_ptr<geo_database> open() const { return geo_database::open(path).value(); }

  scratch_folder folder;
  std::string path = folder / "world.mmdb";
};

place at(const geo_database& g, const char* address) {
  return g.find(boost::asio::ip::make_address(address));
}

errc refused(const std::string& bytes) {
  const world_file w{bytes};
  const auto g = geo_database::open(w.path);
  BOOST_REQUIRE(!g);
  BOOST_TEST(g.error().where == w.path);
  return g.error().code;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(geo_databases)

BOOST_AUTO_TEST_CASE(addresses_have_a_country_and_a_region) {
  const world_file w;
  const auto g = w.open();
  BOOST_TEST(at(*g, "203.0.113.77") == (place{"DE", "DE-BE"}));
  BOOST_TEST(at(*g, "::ffff:203.0.113.77") == (place{"DE", "DE-BE"}));
  BOOST_TEST(at(*g, "198.51.100.127") == (place{"FR", ""}));
  BOOST_TEST(at(*g, "2001:db8:1::1") == (place{"US", "US-CA"}));
}

BOOST_AUTO_TEST_CASE(what_is_not_known_is_empty) {
  const world_file w;
  const auto g = w.open();
  for (const char* nowhere : {"198.51.100.128", "10.0.0.1", "0.0.0.0", "255.255.255.255",
                              "::", "2001:db9::1", "192.0.2.1", "192.0.3.1"})
    BOOST_TEST_CONTEXT(nowhere) BOOST_TEST(at(*g, nowhere) == place{});
}

BOOST_AUTO_TEST_CASE(what_is_no_database_is_refused) {
  BOOST_TEST((refused("") == errc::malformed));
  BOOST_TEST((refused("not a database") == errc::malformed));
  BOOST_TEST((refused(world().substr(0, world().size() - 30)) == errc::malformed));
  // Its middle is gone: the tree leads behind the end.
  auto cut = world();
  cut.erase(300, 700);
  BOOST_REQUIRE(cut.size() > 500u);
  BOOST_TEST((refused(cut) == errc::malformed));
  const scratch_folder folder;
  BOOST_TEST((geo_database::open(folder / "none").error().code == errc::not_found));
  BOOST_TEST((geo_database::open(folder.path()).error().code == errc::not_found));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_replaced_is_read_anew) {
  world_file w;
  const auto g = w.open();
  BOOST_TEST(!g->refresh().value());
  w.replace(mmdb_writer{}.add("203.0.113.0", 24, mmdb_place("AT", "9")).bytes());
  BOOST_TEST(at(*g, "203.0.113.7") == (place{"DE", "DE-BE"}));
  BOOST_TEST(g->refresh().value());
  BOOST_TEST(at(*g, "203.0.113.7") == (place{"AT", "AT-9"}));
  BOOST_TEST(!g->refresh().value());
}

BOOST_AUTO_TEST_CASE(a_damaged_successor_changes_nothing) {
  world_file w;
  const auto g = w.open();
  w.replace("half a databa");
  BOOST_TEST((g->refresh().error().code == errc::malformed));
  BOOST_TEST(at(*g, "203.0.113.7") == (place{"DE", "DE-BE"}));
  BOOST_TEST(!g->refresh().value());
  std::filesystem::remove(w.path);
  BOOST_TEST((g->refresh().error().code == errc::not_found));
  BOOST_TEST(at(*g, "203.0.113.7") == (place{"DE", "DE-BE"}));
}

// With the file mapped, this would be a bus error.
BOOST_AUTO_TEST_CASE(a_file_that_is_written_over_is_not_missed) {
  world_file w;
  const auto g = w.open();
  w.write("");
  BOOST_TEST(at(*g, "203.0.113.7") == (place{"DE", "DE-BE"}));
}

BOOST_AUTO_TEST_CASE(threads_may_ask_while_it_is_read_anew) {
  world_file w;
  const auto g = w.open();
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 2000; ++i)
        if (at(*g, "2001:db8::1") != place{"US", "US-CA"}) std::abort();
    });
  for (int i = 0; i < 20; ++i) {
    w.replace(world());
    BOOST_TEST(g->refresh().has_value());
  }
  for (auto& t : threads) t.join();
}

BOOST_AUTO_TEST_CASE(a_watch_ends_when_it_is_told_to) {
  const world_file w;
  const geo_watch idle{w.open(), std::chrono::hours{1}};
  const geo_watch busy{w.open(), std::chrono::milliseconds{1}};
}

BOOST_AUTO_TEST_SUITE_END()
