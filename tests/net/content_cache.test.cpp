// Content in memory: fetched once, kept while there is room; and what parts of it can be asked for.
#include "net/content_cache.hpp"

#include <boost/test/unit_test.hpp>

#include "net/range_request.hpp"

using namespace interlude;
using namespace interlude::net;
using namespace std::chrono_literals;

namespace {

struct cache_under_test {
  explicit cache_under_test(std::uint64_t bytes = 10'000)
      : cache(std::make_shared<content_cache>(bytes)) {}

  void want(const std::string& key) {
    cache->want(
        key, now, [&](content_cache::callback done) { fetches.push_back(std::move(done)); },
        [&](const result<content_cache::body_ptr>& r) {
          told.push_back(r ? (*r)->bytes : "error: " + r.error().what);
        });
  }
  void answer(const std::string& bytes) {
    auto done = std::move(fetches.back());
    fetches.pop_back();
    done(std::make_shared<const content_body>(content_body{bytes, "video/mp2t"}));
  }
  void fail() {
    auto done = std::move(fetches.back());
    fetches.pop_back();
    done(error{errc::unavailable, "origin", "broken"});
  }

  std::shared_ptr<content_cache> cache;
  content_cache::time_point now{1h};
  std::vector<content_cache::callback> fetches;
  std::vector<std::string> told;
};

bool is_part(std::string_view field, std::size_t size, std::size_t offset, std::size_t length) {
  const auto r = read_range(field, size);
  return r.kind == range_kind::part && r.part.offset == offset && r.part.size == length;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cache_of_content)

BOOST_AUTO_TEST_CASE(all_who_ask_at_once_share_one_fetch) {
  cache_under_test c;
  for (int i = 0; i < 5; ++i) c.want("a");
  BOOST_TEST(c.fetches.size() == 1u);
  BOOST_TEST(c.told.empty());
  c.answer("bytes");
  BOOST_TEST(c.told == std::vector<std::string>(5, "bytes"), boost::test_tools::per_element());
  c.want("a");
  BOOST_TEST(c.fetches.empty());
  BOOST_TEST(c.told.size() == 6u);
  BOOST_TEST(c.cache->find("a")->type == "video/mp2t");
}

BOOST_AUTO_TEST_CASE(fetches_and_what_need_not_be_fetched_are_counted) {
  cache_under_test c;
  c.want("a");
  c.want("a");
  c.answer("bytes");
  c.want("a");
  c.cache->find("a");
  c.cache->find("none");
  c.want("b");
  c.fail();
  c.want("b");
  const auto& n = c.cache->counters();
  BOOST_TEST(n.fetches.load() == 2u);
  BOOST_TEST(n.hits.load() == 2u);
  BOOST_TEST(n.failures.load() == 1u);
}

BOOST_AUTO_TEST_CASE(what_was_not_used_for_longest_leaves_first) {
  cache_under_test c{3 * 1300};
  for (const auto* key : {"a", "b", "c"}) {
    c.want(key);
    c.answer(std::string(1000, 'x'));
  }
  BOOST_TEST(c.cache->find("a") != nullptr);
  c.want("d");
  c.answer(std::string(1000, 'x'));
  BOOST_TEST(c.cache->find("b") == nullptr);
  for (const auto* key : {"a", "c", "d"}) BOOST_TEST(c.cache->find(key) != nullptr, key);
  BOOST_TEST(c.cache->bytes() <= 3u * 1300);
}

BOOST_AUTO_TEST_CASE(what_is_larger_than_the_cache_is_answered_and_not_kept) {
  cache_under_test c{1000};
  c.want("a");
  c.answer(std::string(2000, 'x'));
  BOOST_TEST(c.told.size() == 1u);
  BOOST_TEST(c.cache->find("a") == nullptr);
  BOOST_TEST(c.cache->bytes() == 0u);
}

BOOST_AUTO_TEST_CASE(pieces_without_bytes_take_room_as_well) {
  cache_under_test c{5000};
  for (int i = 0; i < 1000; ++i) {
    c.want(std::to_string(i));
    c.answer("");
  }
  BOOST_TEST(c.cache->bytes() <= 5000u);
  BOOST_TEST(c.cache->find("0") == nullptr);
  BOOST_TEST(c.cache->find("999") != nullptr);
}

BOOST_AUTO_TEST_CASE(a_failure_is_told_to_all_and_soon_forgotten) {
  cache_under_test c;
  c.want("a");
  c.want("a");
  c.fail();
  BOOST_TEST(c.told.size() == 2u);
  c.now += 400ms;
  c.want("a");
  BOOST_TEST(c.fetches.empty());
  BOOST_TEST(c.told.back() == "error: broken");
  c.now += 200ms;
  c.want("a");
  BOOST_TEST(c.fetches.size() == 1u);
  c.answer("well again");
  BOOST_TEST(c.told.back() == "well again");
}

BOOST_AUTO_TEST_CASE(there_is_a_bound_on_what_is_fetched_at_once) {
  cache_under_test c;
  for (std::size_t i = 0; i <= content_cache::max_fetches; ++i) c.want(std::to_string(i));
  BOOST_TEST(c.fetches.size() == content_cache::max_fetches);
  BOOST_TEST(c.told.size() == 1u);
  // It says nothing about the piece: the next one may try at once.
  c.answer("x");
  c.want(std::to_string(content_cache::max_fetches));
  BOOST_TEST(c.fetches.size() == content_cache::max_fetches);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(ranges)

BOOST_AUTO_TEST_CASE(single_ranges_are_cut_to_what_there_is) {
  BOOST_TEST(is_part("bytes=0-0", 10, 0, 1));
  BOOST_TEST(is_part("bytes=2-5", 10, 2, 4));
  BOOST_TEST(is_part("bytes=2-500", 10, 2, 8));
  BOOST_TEST(is_part("bytes=9-", 10, 9, 1));
  BOOST_TEST(is_part("bytes=-3", 10, 7, 3));
  BOOST_TEST(is_part("bytes=-300", 10, 0, 10));
  BOOST_TEST(is_part("bytes=1-18446744073709551615", 10, 1, 9));
}

BOOST_AUTO_TEST_CASE(what_lies_behind_the_end_cannot_be_had) {
  for (const auto* field : {"bytes=10-", "bytes=10-20", "bytes=-0", "bytes=18446744073709551615-"})
    BOOST_TEST((read_range(field, 10).kind == range_kind::unsatisfiable), field);
  BOOST_TEST((read_range("bytes=0-", 0).kind == range_kind::unsatisfiable));
}

BOOST_AUTO_TEST_CASE(what_is_no_single_range_is_ignored) {
  for (const auto* field :
       {"", "bytes", "bytes=", "bytes=-", "bytes=5", "bytes=5-2", "bytes=a-b", "bytes=0-1,3-4",
        "bytes= 0-1", "bytes=+1-2", "lines=0-1", "bytes=0--1", "bytes=99999999999999999999-"})
    BOOST_TEST((read_range(field, 10).kind == range_kind::whole), field);
}

BOOST_AUTO_TEST_SUITE_END()
