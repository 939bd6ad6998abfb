// What a channel keeps before it shows it, and how it goes on in another process.
#include <boost/test/unit_test.hpp>

#include "media/stitch/render.hpp"
#include "tests/support/station.hpp"

using namespace interlude;
using namespace interlude::test;

namespace {

// Segments of four seconds; a break of twenty at 60 s.
void with_break(station& s) {
  s.video.tag(at(60), "#EXT-X-CUE-OUT:20");
}

std::string playlist_of(const published_ptr& p, const char* audience = stitched_audience) {
  return stitch::render_media_playlist(*p->snapshot, *p->snapshot->audiences.at(audience), 0, {});
}

// A viewer that asks every two seconds.
std::string watch(station& s, duration time) {
  std::string last;
  for (; time > 0s; time -= 2s) {
    const auto asked = s.ask_playlist();
    s.pass(2s);
    last = playlist_of(value_of(asked));
  }
  return last;
}

// Number and URI of every segment.
std::map<std::string, std::string> numbers_in(const std::string& playlist) {
  std::map<std::string, std::string> out;
  std::istringstream lines{playlist};
  std::int64_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    constexpr std::string_view first = "#EXT-X-MEDIA-SEQUENCE:";
    if (line.starts_with(first)) number = std::stoll(line.substr(first.size()));
    if (!line.empty() && line[0] != '#') out[std::to_string(number++)] = line;
  }
  return out;
}

// What both list is the same.
void agree(const std::string& before, const std::string& after) {
  const auto old = numbers_in(before), now = numbers_in(after);
  std::size_t common = 0;
  for (const auto& [number, uri] : old) {
    const auto it = now.find(number);
    if (it == now.end()) continue;
    ++common;
    BOOST_TEST(it->second == uri);
  }
  BOOST_TEST(common > 0u, before + after);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(restarts_of_a_channel)

BOOST_AUTO_TEST_CASE(a_break_goes_on_after_a_restart_with_the_same_numbers) {
  const auto store = std::make_shared<disk>();
  std::string before;
  {
    station s{{}, store};
    with_break(s);
    s.start();
    before = watch(s, 34s);
  }
  BOOST_TEST(before.find("/c/red.mp4/") != std::string::npos, before);
  station s{{}, store, at(74)};
  with_break(s);
  s.start();
  agree(before, watch(s, 2s));
  const auto after = watch(s, 16s);
  BOOST_TEST(after.find("v0/20.ts") != std::string::npos, after);
}

BOOST_AUTO_TEST_CASE(an_asset_list_is_the_same_after_a_restart) {
  const auto store = std::make_shared<disk>();
  stitch::plan_ptr before;
  std::string id;
  {
    station s{{}, store};
    with_break(s);
    s.start();
    s.ask_playlist(0, guided_audience);
    s.pass(26s);
    const auto shown = s.ask_playlist(0, guided_audience);
    s.pass(4s);
    id = value_of(shown)->snapshot->breaks.at(0).id;
    before = value_of(s.ask_plan(id));
  }
  BOOST_REQUIRE(before);
  station s{[](channel_settings& c) { c.house_ads.clear(); }, store, at(70)};
  with_break(s);
  s.start();
  s.pass(1s);
  const auto after = value_of(s.ask_plan(id));
  BOOST_REQUIRE(after);
  BOOST_TEST(after->items.front().name == before->items.front().name);
  BOOST_TEST(after->items.size() == before->items.size());
}

// A player that is told of nothing takes the break to be empty.
BOOST_AUTO_TEST_CASE(who_asks_for_a_plan_before_the_origin_has_answered_waits_for_it) {
  const auto store = std::make_shared<disk>();
  std::string id, before;
  {
    station s{{}, store};
    with_break(s);
    s.start();
    s.ask_playlist(0, guided_audience);
    s.pass(26s);
    id = value_of(s.ask_playlist(0, guided_audience))->snapshot->breaks.at(0).id;
    before = value_of(s.ask_plan(id))->items.front().name;
  }
  station s{{}, store, at(70)};
  with_break(s);
  s.origin->silent = true;
  s.start();
  const auto asked = s.ask_plan(id), never = s.ask_plan("none");
  s.pass(500ms);
  BOOST_TEST(!asked->has_value());
  s.origin->answer_all();
  s.pass(100ms);
  const auto after = value_of(asked);
  BOOST_REQUIRE(after);
  BOOST_TEST(after->items.front().name == before);
  BOOST_TEST((never->value().error().code == errc::not_found));
}

BOOST_AUTO_TEST_CASE(who_asks_for_a_plan_of_an_origin_that_is_away_waits_for_so_long) {
  station s;
  s.origin->silent = true;
  s.start();
  const auto asked = s.ask_plan("none");
  s.pass(3s);
  BOOST_TEST(!asked->has_value());
  s.pass(2s);
  BOOST_REQUIRE(asked->has_value());
  BOOST_TEST((asked->value().error().code == errc::unavailable));
}

// The break begins while nobody knows yet what of it has been conditioned before.
BOOST_AUTO_TEST_CASE(a_break_that_is_decided_just_after_a_restart_has_its_ads) {
  for (const bool answers : {true, false}) {
    const auto store = std::make_shared<disk>();
    {
      station s{{}, store};
      s.video.tag(at(100), "#EXT-X-CUE-OUT:20");
      s.start();
      watch(s, 58s);
    }
    station s{{}, store, at(103)};
    s.video.tag(at(100), "#EXT-X-CUE-OUT:20");
    s.log->silent = true;
    s.start();
    // Until the poll that finds the break.
    auto asked = s.ask_playlist();
    for (int i = 0; i < 60 && asked->has_value(); ++i) {
      s.pass(100ms);
      asked = s.ask_playlist();
    }
    s.pass(100ms);
    BOOST_TEST(!asked->has_value());
    if (answers) {
      while (!s.log->unanswered.empty()) {
        s.log->answer_all();
        s.pass(20ms);
      }
      s.pass(100ms);
      const auto playlist = playlist_of(value_of(asked));
      BOOST_TEST(playlist.find("/c/red.mp4/") != std::string::npos, playlist);
    } else {
      // It is held up no longer than any decision may take.
      s.pass(1s);
      BOOST_TEST(playlist_of(value_of(asked)).find("/c/red.mp4/") == std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(viewers_wait_until_what_they_see_is_kept) {
  const auto store = std::make_shared<disk>();
  station s{{}, store};
  with_break(s);
  s.start();
  watch(s, 20s);
  store->hold = true;
  // Until the poll that finds the break.
  auto asked = s.ask_playlist();
  for (int i = 0; i < 60 && store->held.empty(); ++i) {
    s.pass(100ms);
    asked = s.ask_playlist();
  }
  BOOST_REQUIRE(!store->held.empty());
  BOOST_TEST(!asked->has_value());
  store->let_go();
  s.pass(100ms);
  BOOST_TEST(playlist_of(value_of(asked)).find("EXTINF") != std::string::npos);
}

// The break is found by the reading that this viewer sets off, and is decided while the state
// before is still being written.
BOOST_AUTO_TEST_CASE(who_comes_after_a_while_is_not_shown_what_was_before) {
  const auto store = std::make_shared<disk>();
  station s{[](channel_settings& c) { c.watch_timeout = 4s; }, store, at(20)};
  with_break(s);
  s.start();
  watch(s, 10s);
  s.pass(at(66) - s.now());
  store->hold = true;
  const auto asked = s.ask_playlist();
  s.pass(20ms);
  BOOST_REQUIRE(!store->held.empty());
  BOOST_TEST(!asked->has_value());
  store->let_go();
  s.pass(20ms);
  const auto playlist = playlist_of(value_of(asked));
  BOOST_TEST(playlist.find("/c/red.mp4/") != std::string::npos, playlist);
}

BOOST_AUTO_TEST_CASE(a_store_that_fails_or_hangs_stops_nobody) {
  for (const bool hangs : {false, true}) {
    const auto store = std::make_shared<disk>();
    station s{{}, store};
    with_break(s);
    s.start();
    watch(s, 20s);
    (hangs ? store->hold : store->broken) = true;
    s.ask_playlist();
    s.pass(8s);
    const auto asked = s.ask_playlist();
    s.pass(4s);
    BOOST_TEST(playlist_of(value_of(asked)).find("/c/red.mp4/") != std::string::npos);
    BOOST_TEST(s.view->load()->trouble.find("not kept") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_cue_by_hand_is_answered_when_it_is_kept) {
  const auto store = std::make_shared<disk>();
  station s{{}, store};
  s.start();
  s.pass(4s);
  store->hold = true;
  const auto asked = s.cue({cue_command::action::start, "mine", {}, duration{20s}});
  BOOST_TEST(!asked->has_value());
  store->let_go();
  s.pass(100ms);
  BOOST_TEST(value_of(asked).event_id == "mine");
}

BOOST_AUTO_TEST_CASE(content_alone_writes_nothing) {
  const auto store = std::make_shared<disk>();
  station s{{}, store};
  s.start();
  watch(s, 12s);
  const auto writes = store->writes;
  watch(s, 40s);
  BOOST_TEST(store->writes == writes);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_begun_anew) {
  const auto store = std::make_shared<disk>();
  store->keep({[&](storage::transaction& t) { store->timelines->put(t, "tv/one", "{"); }});
  station s{{}, store};
  s.start();
  BOOST_TEST(watch(s, 4s).find("v0/") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
