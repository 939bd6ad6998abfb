#include <tuple>

#include "tests/support/exposure_library.hpp"

using namespace interlude;
using namespace interlude::test;

BOOST_AUTO_TEST_SUITE(exposure_books)

BOOST_AUTO_TEST_CASE(a_viewer_is_shown_no_more_than_the_cap_allows) {
  library l;
  const std::vector<ads::pod_candidate> all = {ad("a"), ad("b")};
  BOOST_TEST(l.shown("anna", all, at_most(2)) == (places{0, 1}));
  BOOST_TEST(l.shown("anna", {all[0]}, at_most(2), noon + 10min) == places{0});
  BOOST_TEST(l.shown("anna", all, at_most(2), noon + 20min) == places{1});
  BOOST_TEST(l.shown("bert", all, at_most(2), noon + 20min) == (places{0, 1}));
  BOOST_TEST(l.shown("anna", all, at_most(2), noon + 59min) == places{});
  BOOST_TEST(l.shown("anna", all, at_most(2), noon + 60min) == (places{0, 1}));
}

BOOST_AUTO_TEST_CASE(who_is_refused_is_told_why) {
  library l;
  const auto rules = at_most(1, ads::cap_scope::campaign);
  l.shown("anna", {ad("a", "spring")}, rules);
  auto long_one = ad("long");
  long_one.length = 60s;
  const auto choice =
      l.choose("anna", {ad("b", "spring"), ad("c", "summer"), ad("d", "summer"), long_one}, rules,
               noon + 1min);
  BOOST_TEST(choice.places == places{1});
  BOOST_REQUIRE(choice.refused.size() == 3u);
  const auto& [seen, same_pod, no_room] =
      std::tie(choice.refused[0], choice.refused[1], choice.refused[2]);
  BOOST_TEST(seen.place == 0u);
  BOOST_TEST(seen.why == "at most 1 per campaign in 3600 s");
  BOOST_TEST(same_pod.place == 2u);
  BOOST_TEST(same_pod.why == "at most 1 per campaign in 3600 s");
  BOOST_TEST(no_room.place == 3u);
  BOOST_TEST(no_room.why == "there is no room for it beside the others");
}

BOOST_AUTO_TEST_CASE(who_is_not_known_is_not_counted) {
  library l;
  const auto rules = at_most(1, ads::cap_scope::campaign);
  for (int i = 0; i < 2; ++i) {
    const auto choice = l.choose("", {ad("a", "spring"), ad("b", "spring")}, rules);
    BOOST_TEST(choice.places == places{0});
    BOOST_TEST(!choice.write);
    BOOST_TEST(choice.taken.viewer == "");
  }
  BOOST_TEST(l.book->viewers_in_memory() == 0u);
}

BOOST_AUTO_TEST_CASE(what_nobody_limits_is_not_written_down) {
  library l;
  BOOST_TEST(!l.choose("anna", {ad("a")}, {}).write);
  BOOST_TEST(!l.choose("anna", {}, at_most(1)).write);
}

BOOST_AUTO_TEST_CASE(what_is_not_shown_can_be_given_back) {
  library l;
  const std::vector<ads::pod_candidate> all = {ad("a"), ad("b")};
  auto choice = l.choose("anna", all, at_most(1));
  l.keep(std::exchange(choice.write, {}));
  choice.taken.exposures.erase(choice.taken.exposures.begin());
  l.keep(l.book->give_back(choice.taken));
  // Only once.
  BOOST_TEST(!l.book->give_back(choice.taken));
  BOOST_TEST(!l.book->give_back({}));
  l.open();
  BOOST_TEST(l.shown("anna", all, at_most(1)) == places{1});
}

BOOST_AUTO_TEST_CASE(a_clock_that_jumps_back_forgets_nothing) {
  library l;
  l.shown("anna", {ad("a")}, at_most(1));
  BOOST_TEST(l.shown("anna", {ad("a"), ad("b")}, at_most(1), noon - 30min) == places{1});
  l.open();
  BOOST_TEST(l.shown("anna", {ad("a"), ad("b")}, at_most(1), noon - 30min) == places{});
  // Nor does one that was a year ahead keep anybody out for that long.
  BOOST_TEST(l.shown("anna", {ad("a")}, at_most(1), noon - 24h * 365) == places{0});
}

BOOST_AUTO_TEST_CASE(whom_nobody_needs_to_know_is_swept_out_a_few_at_a_time) {
  library l;
  for (int i = 0; i < 20; ++i)
    l.shown(std::to_string(i), {ad("a")}, at_most(1), i < 12 ? noon : noon + 4h);
  BOOST_TEST(l.kept() == 20u);
  BOOST_TEST(!l.book->sweep(noon + 2h, 100));
  BOOST_TEST(!l.book->sweep(noon + 4h, 0));
  std::size_t before = 20;
  for (int i = 0; i < 5; ++i) {
    l.keep(l.book->sweep(noon + 4h, 5));
    BOOST_TEST(before - l.kept() <= 5u);
    before = l.kept();
  }
  BOOST_TEST(before == 8u);
  // Who comes back before the sweep's write is done stays.
  const auto write = l.book->sweep(noon + 8h, 100);
  l.shown("15", {ad("a")}, at_most(1), noon + 8h);
  l.keep(write);
  BOOST_TEST(l.kept() == 1u);
}

BOOST_AUTO_TEST_CASE(no_id_of_a_viewer_is_on_disk) {
  library l;
  l.shown("anna@example.com", {ad("a-creative-of-somebody")}, at_most(1));
  l.book.reset();
  l.env.reset();
  const auto disk = read_all(l.folder / "data.mdb");
  BOOST_TEST(disk.find("exposures") != disk.npos);
  BOOST_TEST(disk.find("anna") == disk.npos);
  BOOST_TEST(disk.find("somebody") == disk.npos);
}

BOOST_AUTO_TEST_CASE(a_record_that_cannot_be_understood_is_begun_anew) {
  library l;
  l.shown("anna", {ad("a")}, at_most(1));
  const auto of_another_format = "\x02" + std::string(8, '\xff');
  for (const auto& text : {std::string{}, std::string{"\x01"}, of_another_format}) {
    l.spoil(text);
    BOOST_TEST(l.shown("anna", {ad("a")}, at_most(1)) == places{0});
    l.open();
    BOOST_TEST(l.shown("anna", {ad("a")}, at_most(1)) == places{});
  }
}

BOOST_AUTO_TEST_CASE(records_are_read_as_they_were_written) {
  exposure_record r{7, {}};
  r.seen.add({noon, 1, 2, 3});
  r.seen.add({instant{-5us}, ~std::uint64_t{0}, 0, 9});
  const auto text = write_exposures(r);
  const auto again = read_exposures(text);
  BOOST_REQUIRE(again);
  BOOST_TEST(again->version == 7u);
  BOOST_TEST((again->seen == r.seen));
  for (std::size_t n = 0; n < text.size(); ++n)
    BOOST_TEST(read_exposures(text.substr(0, n)).has_value() == (n == 9 || n == 41));
  BOOST_TEST(!read_exposures(text + std::string(32 * 999, 'x')));
}

BOOST_AUTO_TEST_SUITE_END()
