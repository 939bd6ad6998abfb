// The plain objects of the creative actor: names, turns, setbacks, what sources held, what is kept.
#include <boost/test/unit_test.hpp>

#include "actors/creative/creative_identity.hpp"
#include "actors/creative/creative_shelf.hpp"
#include "actors/creative/job_queue.hpp"
#include "actors/creative/setback_book.hpp"
#include "actors/creative/source_table.hpp"

using namespace interlude;
using namespace std::chrono_literals;

namespace {

instant at(duration t) {
  return instant{} + 24h + t;
}

std::string order_of(job_queue& q) {
  std::string out;
  while (auto job = q.pop()) out += (out.empty() ? "" : " ") + *job;
  return out;
}

const error broken{errc::malformed, "a", "no media"}, away{errc::unavailable, "a", "not there"};

shelved_creative creative(const std::string& key, std::uint64_t bytes, instant used) {
  auto media = std::make_shared<stitch::creative>();
  media->key = key;
  media->source = "http://cdn.test/" + key + ".mp4";
  media->total = 8s;
  return {std::move(media), bytes, -17.5, used, false};
}

std::string joined(const std::vector<std::string>& all) {
  std::string out;
  for (const auto& one : all) out += (out.empty() ? "" : " ") + one;
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(names_of_creatives)

BOOST_AUTO_TEST_CASE(schemes_and_hosts_have_no_case) {
  BOOST_TEST(is_remote("HTTP://cdn.test/a.mp4"));
  BOOST_TEST(is_remote("Https://cdn.test/a.mp4"));
  BOOST_TEST(!is_remote("/srv/http://a.mp4"));
  BOOST_TEST(!is_remote("ftp://cdn.test/a.mp4"));
  BOOST_TEST(host_of("HTTPS://me@CDN.test:8443/a?b=http://other.test") == "cdn.test");
  BOOST_TEST(host_of("http://[::1]:80/a") == "[::1]");
  BOOST_TEST(host_of("/srv/a.mp4").empty());
}

BOOST_AUTO_TEST_CASE(an_ad_without_an_id_is_called_by_its_media_and_tells_no_secret) {
  const auto name = unnamed_ad("https://CDN.test/a.mp4?Signature=s3cret");
  BOOST_TEST(name.starts_with("cdn.test/"));
  BOOST_TEST(name.find("s3cret") == name.npos);
  BOOST_TEST(name == unnamed_ad("https://CDN.test/a.mp4?Signature=other"));
  BOOST_TEST(name != unnamed_ad("https://CDN.test/b.mp4"));
}

BOOST_AUTO_TEST_CASE(an_ad_servers_creative_is_never_the_operators) {
  const condition_creative own{"http://cdn.test/a.mp4", nullptr, std::nullopt};
  auto claimed = own;
  claimed.identity = "http://cdn.test/a.mp4";
  BOOST_TEST(source_name(own) != source_name(claimed));
}

BOOST_AUTO_TEST_CASE(content_ladder_length_and_loudness_make_the_key) {
  stitch::ladder one;
  one.tracks.resize(1);
  one.segment_duration = 2s;
  auto other = one;
  other.segment_duration = 4s;
  const auto key = creative_key("abc", one, std::nullopt, -24);
  BOOST_TEST(key.size() == 32u);
  BOOST_TEST(key == creative_key("abc", one, std::nullopt, -24));
  BOOST_TEST(key != creative_key("abd", one, std::nullopt, -24));
  BOOST_TEST(key != creative_key("abc", other, std::nullopt, -24));
  BOOST_TEST(key != creative_key("abc", one, 8s, -24));
  BOOST_TEST(key != creative_key("abc", one, std::nullopt, -23));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(turns_of_jobs)

BOOST_AUTO_TEST_CASE(the_operators_own_go_first_and_hosts_take_turns) {
  job_queue q;
  for (const auto* job : {"a1", "a2", "a3"}) q.push("a.test", job);
  q.push("b.test", "b1");
  q.push("", "own");
  BOOST_TEST(order_of(q) == "own a1 b1 a2 a3");
  BOOST_TEST(q.empty());
}

BOOST_AUTO_TEST_CASE(a_flood_of_one_host_hurts_that_one_only) {
  job_queue q{3};
  for (const auto* job : {"a1", "a2", "a3"}) BOOST_TEST(q.push("a.test", job).taken);
  BOOST_TEST(!q.push("a.test", "a4").taken);
  const auto b = q.push("b.test", "b1");
  BOOST_TEST(b.taken);
  BOOST_TEST(b.dropped.value() == "a3");
  // Nobody gains by pushing out who has as many.
  BOOST_TEST(!q.push("b.test", "b2").taken);
  BOOST_TEST(q.push("", "own").taken);
  BOOST_TEST(order_of(q) == "own a1 b1 a2");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(setbacks_of_sources)

BOOST_AUTO_TEST_CASE(pauses_double_up_to_ten_minutes) {
  setback_book book{{100, 1h}};
  std::vector<std::string> forgotten;
  for (const auto pause : {30s, 60s, 120s, 240s, 480s, 600s, 600s}) {
    const auto& s = book.fail("k", "a", away, at(0s), forgotten);
    BOOST_TEST((s.until == at(pause)));
    BOOST_TEST(!s.quarantined);
  }
  BOOST_TEST(book.holds("k", at(599s)) != nullptr);
  BOOST_TEST(book.holds("k", at(600s)) == nullptr);
}

BOOST_AUTO_TEST_CASE(who_keeps_failing_is_left_alone_until_it_is_released) {
  setback_book book{{3, 1h}};
  std::vector<std::string> forgotten;
  book.fail("k", "a", away, at(0s), forgotten);
  book.fail("k", "a", away, at(60s), forgotten);
  BOOST_TEST(book.fail("k", "a", away, at(200s), forgotten).quarantined);
  BOOST_TEST(book.holds("k", at(3000s)) != nullptr);
  BOOST_TEST(book.clear("k"));
  BOOST_TEST(book.holds("k", at(300s)) == nullptr);
  BOOST_TEST(!book.clear("k"));
}

BOOST_AUTO_TEST_CASE(what_is_no_media_twice_is_quarantined_at_once) {
  setback_book book;
  std::vector<std::string> forgotten;
  BOOST_TEST(!book.fail("k", "a", broken, at(0s), forgotten).quarantined);
  BOOST_TEST(book.fail("k", "a", broken, at(60s), forgotten).quarantined);
}

BOOST_AUTO_TEST_CASE(what_failed_longest_ago_makes_room_and_quarantine_last) {
  setback_book book{{1, 1h}, 2};
  std::vector<std::string> forgotten;
  book.fail("z", "z", away, at(0s), forgotten);
  setback light;
  light.at = at(20s);
  book.put("a", light);
  book.fail("b", "b", away, at(30s), forgotten);
  BOOST_TEST(joined(forgotten) == "a");
  book.fail("c", "c", away, at(40s), forgotten);
  BOOST_TEST(joined(forgotten) == "a z");
}

BOOST_AUTO_TEST_CASE(a_record_brings_a_setback_back) {
  const setback s{"http://a.test/a.mp4", "no media", at(1s), at(2h), 7, true};
  const auto back = read_setback(record_of(s));
  BOOST_REQUIRE(back);
  BOOST_TEST(back->source == s.source);
  BOOST_TEST(back->why == s.why);
  BOOST_TEST((back->at == s.at && back->until == s.until));
  BOOST_TEST(back->failures == 7u);
  BOOST_TEST(back->quarantined);
  for (const auto* record : {"", "{}", "[]", R"({"source":1})"}) BOOST_TEST(!read_setback(record));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(what_sources_held)

BOOST_AUTO_TEST_CASE(a_strong_tag_holds_for_another_query_and_nothing_else_does) {
  known_source s{"c", "http://cdn.test/a.mp4?cb=1", "\"0123456789abcdef\"", "Mon", {}};
  const auto asked = [&](std::string_view url) {
    std::string out;
    for (const auto& [field, value] : conditions_of(s, url)) out += field + " ";
    return out;
  };
  BOOST_TEST(asked("http://cdn.test/a.mp4?cb=1") == "If-None-Match If-Modified-Since ");
  BOOST_TEST(asked("http://cdn.test/a.mp4?cb=2") == "If-None-Match ");
  BOOST_TEST(asked("http://cdn.test/b.mp4?cb=1").empty());
  s.etag = "W/\"0123456789abcdef\"";
  BOOST_TEST(asked("http://cdn.test/a.mp4?cb=2").empty());
  s.etag = "\"7\"";
  BOOST_TEST(asked("http://cdn.test/a.mp4?cb=2").empty());
}

BOOST_AUTO_TEST_CASE(what_was_looked_at_longest_ago_makes_room) {
  source_table t{2};
  BOOST_TEST(!t.put("z", {"1", "", "", "", at(1s)}));
  BOOST_TEST(!t.put("a", {"2", "", "", "", at(2s)}));
  BOOST_TEST(!t.put("z", {"3", "", "", "", at(3s)}));
  BOOST_TEST(t.put("b", {"4", "", "", "", at(4s)}).value() == "a");
  BOOST_TEST(t.find("a") == nullptr);
  BOOST_TEST(t.find("z")->content == "3");
}

BOOST_AUTO_TEST_CASE(a_record_brings_a_source_back) {
  const known_source s{"abc", "http://a.test/a", "\"e\"", "Mon", at(5s)};
  const auto back = read_source(record_of(s));
  BOOST_REQUIRE(back);
  BOOST_TEST(back->content == "abc");
  BOOST_TEST(back->url == s.url);
  BOOST_TEST(back->etag == s.etag);
  BOOST_TEST(back->last_modified == "Mon");
  BOOST_TEST((back->fresh_until == s.fresh_until));
  BOOST_TEST(!read_source("{}"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(the_shelf)

BOOST_AUTO_TEST_CASE(the_least_recently_used_go_until_the_rest_fits) {
  creative_shelf shelf{{100, 10, 1h}};
  shelf.put(creative("c", 60, at(0s)));
  shelf.put(creative("a", 60, at(30s)));
  shelf.put(creative("b", 30, at(60s)));
  BOOST_TEST(shelf.full());
  BOOST_TEST(joined(shelf.overdue(at(2h))) == "c");
  shelf.use("c", at(90s));
  BOOST_TEST(joined(shelf.overdue(at(2h))) == "a");
  shelf.remove("a");
  BOOST_TEST(shelf.bytes() == 90u);
  BOOST_TEST(shelf.overdue(at(2h)).empty());
}

BOOST_AUTO_TEST_CASE(what_was_used_in_the_last_hour_stays) {
  creative_shelf shelf{{10, 10, 1h}};
  shelf.put(creative("a", 60, at(0s)));
  shelf.put(creative("b", 60, at(30min)));
  BOOST_TEST(shelf.overdue(at(59min)).empty());
  BOOST_TEST(joined(shelf.overdue(at(60min))) == "a");
}

BOOST_AUTO_TEST_CASE(their_number_is_bounded_too) {
  creative_shelf shelf{{0, 1, 1h}};
  shelf.put(creative("a", 60, at(0s)));
  BOOST_TEST(!shelf.full());
  shelf.put(creative("b", 60, at(1s)));
  BOOST_TEST(joined(shelf.overdue(at(2h))) == "a");
}

BOOST_AUTO_TEST_CASE(what_is_withdrawn_is_not_found_and_goes_when_nobody_is_at_it) {
  creative_shelf shelf{{0, 10, 1h}};
  shelf.put(creative("a", 60, at(0s)));
  BOOST_TEST(shelf.withdraw("a"));
  BOOST_TEST(!shelf.withdraw("b"));
  BOOST_TEST(shelf.find("a") == nullptr);
  shelf.use("a", at(30min));
  BOOST_TEST(shelf.overdue(at(80min)).empty());
  BOOST_TEST(joined(shelf.overdue(at(90min))) == "a");
  // Made anew, it is as good as ever.
  shelf.put(creative("a", 60, at(31min)));
  BOOST_TEST(shelf.find("a") != nullptr);
}

BOOST_AUTO_TEST_CASE(the_last_use_is_written_every_ten_minutes_only) {
  creative_shelf shelf;
  shelf.put(creative("a", 60, at(0s)));
  BOOST_TEST(!shelf.use("a", at(9min)));
  BOOST_TEST(shelf.use("a", at(10min)));
  BOOST_TEST(!shelf.use("a", at(11min)));
  BOOST_TEST(!shelf.use("b", at(11min)));
  BOOST_TEST((shelf.entry("a")->used == at(11min)));
}

BOOST_AUTO_TEST_CASE(a_record_brings_a_creative_back) {
  auto c = creative("a", 60, at(7s));
  c.withdrawn = true;
  const auto back = read_shelved(record_of(c));
  BOOST_REQUIRE(back);
  BOOST_TEST(back->media->key == "a");
  BOOST_TEST((back->media->total == 8s));
  BOOST_TEST(back->bytes == 60u);
  BOOST_TEST(back->loudness.value() == -17.5);
  BOOST_TEST((back->used == at(7s)));
  BOOST_TEST(back->withdrawn);
  BOOST_TEST(!read_shelved("{}"));
  BOOST_TEST(!read_shelved(R"({"version":1})"));
}

BOOST_AUTO_TEST_SUITE_END()
