#include "actors/analytics/break_tallies.hpp"

#include <boost/test/unit_test.hpp>

#include "actors/analytics/gathered_counts.hpp"
#include "actors/analytics/latency_buckets.hpp"

using namespace interlude;
using namespace std::chrono_literals;

namespace {

const instant noon = *parse_iso8601("2026-11-24T12:34:56Z");

// "filled ads 20000000, avails 1, "
std::string text_of(const std::vector<tally>& all) {
  std::string out;
  for (const auto& t : all) {
    BOOST_TEST(t.channel == "tv/one");
    BOOST_TEST((t.when == storage::hour_of(noon)));
    BOOST_TEST(t.otherwise.empty());
    const auto name = read_counter(t.name);
    for (const auto part : {name.parts[0], name.parts[1], name.parts[2]})
      if (!part.empty()) out.append(part).append(" ");
    out += std::to_string(t.count) + ", ";
  }
  return out;
}

decision_story some_story() {
  decision_story s;
  s.wanted = 60s;
  s.items = {{"a", stitch::item_kind::ad, 20s},
             {"own", stitch::item_kind::ad, 10s},
             {"b", stitch::item_kind::ad, 15s},
             {"slate", stitch::item_kind::slate, 5s}};
  const auto ad = [](const char* tier, std::size_t place) {
    considered_ad out;
    out.tier = tier;
    out.place = place;
    return out;
  };
  s.ads = {ad("ads", 0), ad("house", 1), ad("ads", 2)};
  s.ads.emplace_back().tier = "ads";  // skipped
  s.ads_length = 45s;
  s.slate_length = 5s;
  return s;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(break_tallies)

BOOST_AUTO_TEST_CASE(a_break_is_an_avail_and_what_fills_it) {
  BOOST_TEST(text_of(tallies_of(some_story(), "tv/one", noon)) ==
             "avails 1, wanted 60000000, ads filled 35000000, house filled 10000000, "
             "slate 5000000, content 10000000, ");
  auto more = some_story();
  more.ads_length = 50s;  // of ads that are not in its list
  BOOST_TEST(text_of(tallies_of(more, "tv/one", noon)).find("unknown filled 5000000") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_preroll_wants_what_it_shows) {
  auto s = some_story();
  s.source = stitch::cue_source::join;
  BOOST_TEST(text_of(tallies_of(s, "tv/one", noon)) ==
             "avails 1, wanted 50000000, ads filled 35000000, house filled 10000000, "
             "slate 5000000, ");
}

BOOST_AUTO_TEST_CASE(an_ad_server_is_known_by_its_host_and_by_what_it_did) {
  tier_report r;
  r.server = "https://user@ADS.test:81/vast";
  r.requests = 3;
  r.took = 180ms;
  r.skipped = {{vast::error_code::media_file_not_found, "a", "", {}},
               {vast::error_code::wrapper_timeout, "b", "", {}}};
  BOOST_TEST(text_of(tallies_of(r, "tv/one", noon)) ==
             "ads.test:81 answers 1, ads.test:81 requests 3, ads.test:81 latency 7 1, "
             "ads.test:81 error 401 1, ads.test:81 error 301 1, ");
}

BOOST_AUTO_TEST_CASE(an_ad_server_that_was_not_asked_took_no_time) {
  tier_report r;
  r.server = "https://ads.test/vast";
  r.outcome = inquiry_outcome::not_asked;
  BOOST_TEST(text_of(tallies_of(r, "tv/one", noon)) == "ads.test passedOver 1, ");
  r.outcome = inquiry_outcome::timed_out;
  r.took = 1500ms;
  BOOST_TEST(text_of(tallies_of(r, "tv/one", noon)) ==
             "ads.test timeouts 1, ads.test latency 13 1, ");
  for (const auto outcome : {inquiry_outcome::failed, inquiry_outcome::invalid}) {
    r.outcome = outcome;
    BOOST_TEST(text_of(tallies_of(r, "tv/one", noon)).starts_with("ads.test errors 1, "));
  }
}

BOOST_AUTO_TEST_CASE(what_is_gathered_adds_up_and_is_bounded) {
  gathered_counts all{2};
  const auto count = [](const char* name, std::uint64_t n, std::chrono::hours later = 0h) {
    return std::vector<tally>{{"tv/one", storage::hour_of(noon + later), name, {}, n}};
  };
  all.add(count("a", 1));
  all.add(count("a", 2));
  all.add(count("a", 5, 1h));
  all.add(count("b", 1));
  BOOST_TEST(all.lost() == 1u);
  const auto taken = all.take();
  BOOST_REQUIRE(taken.size() == 2u);
  BOOST_TEST(taken[0].count + taken[1].count == 8u);
  BOOST_TEST(all.take().empty());
}

BOOST_AUTO_TEST_CASE(quantiles_come_from_buckets) {
  latency_buckets b;
  BOOST_TEST(!b.quantile(0.5).has_value());
  BOOST_TEST(latency_buckets::bucket_of(0ms) == 0u);
  BOOST_TEST(latency_buckets::bucket_of(5ms) == 0u);
  BOOST_TEST(latency_buckets::bucket_of(6ms) == 1u);
  BOOST_TEST(latency_buckets::bucket_of(1h) == latency_buckets::count - 1);
  b.add(latency_buckets::bucket_of(110ms), 8);  // from 100 to 150
  BOOST_TEST(b.quantile(0.5).value() == 125);
  b.add(latency_buckets::bucket_of(3ms), 8);
  BOOST_TEST(b.quantile(0.5).value() == 5);
  BOOST_TEST(b.quantile(0.75).value() == 125);
  b.add(latency_buckets::bucket_of(1h), 84);
  BOOST_TEST(b.quantile(0.5).value() == 5000);
  b.add(latency_buckets::count, 1);  // there is none
  BOOST_TEST(b.quantile(0).value() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
