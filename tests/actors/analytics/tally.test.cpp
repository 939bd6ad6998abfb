#include "actors/analytics/tally.hpp"

#include <boost/test/unit_test.hpp>
#include <optional>

#include "tests/support/scratch_folder.hpp"

using namespace interlude;
using namespace std::chrono_literals;

namespace {

const instant noon = *parse_iso8601("2026-11-24T12:34:56Z");

counted_event event_of(const std::string& ad, const std::string& event = "start") {
  counted_event e;
  e.channel = "tv/one";
  e.tier = "ads";
  e.ad = ad;
  e.creative = "c-" + ad;
  e.event = event;
  return e;
}

std::string parts_of(const std::string& name) {
  const auto read = read_counter(name);
  std::string out{static_cast<char>(read.kind)};
  for (const auto part : read.parts) out.append(" ").append(part);
  return out;
}

struct counter_store {
  // "e server ads a c-a start: 1\n", of the hour of noon.
  std::string all() const {
    std::string out;
    const auto hour = storage::hour_of(noon);
    BOOST_TEST(counters
                   .read("tv/one", hour, hour + 1h, "", 1000,
                         [&](storage::hour, std::string_view name, std::uint64_t count) {
                           out += parts_of(std::string{name}) + ": " + std::to_string(count) + '\n';
                         })
                   .has_value());
    return out;
  }
  void happen(const counted_event& e) {
    BOOST_TEST(env->write([&](storage::transaction& t) {
                    for (const auto& what : tallies_of(e, noon)) add(counters, t, what);
                  })
                   .has_value());
  }

  interlude::test::scratch_folder folder;
  std::shared_ptr<storage::environment> env = *storage::environment::open({folder.path()});
  storage::counter_table counters = *storage::counter_table::open(env, "counters", 3);
};

}  // namespace

BOOST_AUTO_TEST_SUITE(tallies)

BOOST_AUTO_TEST_CASE(an_event_counts_once_and_for_what_was_shown) {
  auto e = event_of("a", "midpoint");
  BOOST_TEST(tallies_of(e, noon).size() == 1u);
  e.shown = 2500ms;
  e.by_player = true;
  const auto all = tallies_of(e, noon);
  BOOST_REQUIRE(all.size() == 2u);
  BOOST_TEST(all[0].channel == "tv/one");
  BOOST_TEST((instant{all[0].when} == *parse_iso8601("2026-11-24T12:00:00Z")));
  BOOST_TEST(parts_of(all[0].name) == "e client ads a c-a midpoint");
  BOOST_TEST(all[0].count == 1u);
  BOOST_TEST(parts_of(all[1].name) == "m client ads a c-a ");
  BOOST_TEST(all[1].count == 2'500'000u);
}

BOOST_AUTO_TEST_CASE(names_of_others_stay_apart_and_within_bounds) {
  const std::string same(300, 'x');
  const auto one = tallies_of(event_of(same + "1"), noon)[0].name;
  const auto two = tallies_of(event_of(same + "2"), noon)[0].name;
  BOOST_TEST(one != two);
  BOOST_TEST(one.size() <= storage::counter_table::longest_name);
  // Their zeros end nothing.
  const auto zero = tallies_of(event_of(std::string{"a\0b", 3}), noon)[0].name;
  BOOST_TEST(parts_of(zero) == "e server ads a b c-a b start");
  BOOST_TEST(parts_of("") == "e     ");
  BOOST_TEST(read_counter(std::string(7, '\0') + "x").parts[4].empty());
}

BOOST_AUTO_TEST_CASE(what_is_of_few_has_always_room) {
  counter_store store;
  for (const auto* ad : {"a", "b", "c"}) store.happen(event_of(ad));
  const tally few{
      "tv/one", storage::hour_of(noon), write_counter(counter_kind::avail, {"", "x"}), {}, 7};
  BOOST_TEST(
      store.env->write([&](storage::transaction& t) { add(store.counters, t, few); }).has_value());
  BOOST_TEST(store.all().starts_with("b  x   : 7\n"));
}

BOOST_AUTO_TEST_CASE(ads_for_which_there_is_no_room_are_counted_together) {
  counter_store store;
  for (const auto* ad : {"a", "b", "c", "d", "e", "a", "d"}) store.happen(event_of(ad));
  store.happen(event_of("f", "progress-5000"));
  store.happen(event_of("f", "progress-7000"));
  BOOST_TEST(store.all() ==
             "e server ads (other) (other) progress: 2\n"
             "e server ads (other) (other) start: 3\n"
             "e server ads a c-a start: 2\n"
             "e server ads b c-b start: 1\n"
             "e server ads c c-c start: 1\n");
}

BOOST_AUTO_TEST_SUITE_END()
