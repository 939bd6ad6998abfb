// A process that is killed and started again goes on with the same numbers.
#include <boost/test/unit_test.hpp>

#include "tests/support/cut_at_cues.hpp"

using namespace interlude;
using namespace interlude::test;

namespace {

origin_rendition with_break(const std::string& name = "v0") {
  origin_rendition r;
  r.name = name;
  r.fill(at(40), 4s).fill(at(70), 4s).fill(at(300), 4s);
  r.tag(at(40), "#EXT-X-CUE-OUT:30");
  return r;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(restarts)

BOOST_AUTO_TEST_CASE(killed_in_the_middle_of_a_break_it_goes_on_with_the_same_ad) {
  // Every two seconds of the break: an ad's middle, its end, before the first and after the last.
  for (double killed = 34; killed < 80; killed += 2) {
    simulated_channel c{{with_break(), with_break("v1")}};
    c.play(20, killed);
    c.kill();
    c.house.clear();  // what was decided stands
    c.play(killed + 2, 110);
    BOOST_TEST_CONTEXT("killed at " << killed) {
      if (killed >= 44) {
        BOOST_TEST(c.ads_shown() == usual_pod);
        BOOST_TEST(c.ads_shown("viewer", 1) == usual_pod);
      }
      const auto content = c.content_shown();
      BOOST_TEST(std::count(content.begin(), content.end(), 18) == 1);
    }
  }
}

BOOST_AUTO_TEST_CASE(killed_at_every_refresh_it_is_never_wrong) {
  simulated_channel c{{with_break()}};
  for (double t = 20; t < 150; t += 2) {
    c.play(t, t);
    c.kill();
  }
  // The cue came with a window that may have been shown: the break begins a segment late.
  BOOST_TEST(c.ads_shown().starts_with("red/0 red/1 red/2 green/0 green/1 green/2 green/3"));
  const auto content = c.content_shown();
  for (const int shown : {9, 10, 19, 20})
    BOOST_TEST(std::count(content.begin(), content.end(), shown) == 1);
}

BOOST_AUTO_TEST_CASE(an_in_cue_that_came_while_it_was_down_ends_the_break) {
  auto r = with_break();
  r.tag(at(60), "#EXT-X-CUE-IN");
  simulated_channel c{{r}};
  c.play(20, 56);
  c.kill();
  c.play(66, 110);
  BOOST_REQUIRE(c.timeline.breaks().size() == 1u);
  BOOST_TEST((c.timeline.breaks().front().end == at(60)));
}

BOOST_AUTO_TEST_CASE(a_break_that_came_while_it_was_down_starts_behind_what_may_have_been_shown) {
  simulated_channel c{{with_break()}};
  c.play(20, 38);
  c.kill();
  c.play(50, 110);
  const auto content = c.content_shown();
  // Segment 10 is the break's first one; what was listed by the time of the restart is content.
  BOOST_TEST(std::count(content.begin(), content.end(), 11) == 1);
  BOOST_TEST(c.ads_shown().starts_with("red/0"));
}

// Segments that were shown since the state was kept are in no playlist any more, and their numbers
// are nobody else's.
BOOST_AUTO_TEST_CASE(numbers_of_content_that_nobody_knows_any_more_are_passed_over) {
  for (const double away : {0., 6., 60.}) {
    simulated_channel c{{video(400), video(400, 4s, "v1")}};
    c.play(20, 100);
    c.kill();
    const auto last = c.seen("viewer").rbegin()->first;
    for (auto& r : c.origin) {
      for (auto& s : r.segments) s.uri = "new/" + s.uri;
      r.segments.erase(r.segments.begin(), r.segments.begin() + 25);
      r.first_msn = 0;
    }
    c.play(104 + away, 160 + away);
    BOOST_TEST(c.seen("viewer").rbegin()->first > last + 14);
    BOOST_TEST(c.content_shown().back() == 39 + int(away) / 4);
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_shown_of_others_before_the_reference_has_been_read) {
  std::vector<origin_rendition> two = {video(400), audio(400)};
  simulated_channel c{two};
  c.play(20, 100);
  c.kill();
  // Its answer comes a little later.
  c.poll(1, at(101));
  c.timeline.advance(at(101));
  c.watch("viewer", 1, at(101));
  c.round(at(101.5));
  c.watch_all("viewer", at(101.5));
  BOOST_TEST(c.content_shown("viewer", 1).back() == 24);
}

BOOST_AUTO_TEST_CASE(positions_without_dates_are_counted_on) {
  auto r = with_break();
  r.dated = dates::never;
  simulated_channel c{{r}};
  c.play(20, 90);
  const auto before = c.timeline.window(0)->segments.back()->start;
  c.kill();
  c.play(91.5, 110, 1.7);  // polled at other times: counted from what is known, not from the clock
  const auto& segments = c.timeline.window(0)->segments;
  const auto same = std::find_if(segments.begin(), segments.end(),
                                 [&](const auto& s) { return s->start == before; });
  BOOST_TEST((same != segments.end()));
}

BOOST_AUTO_TEST_CASE(what_was_read_before_is_not_shown_as_if_it_were_new) {
  simulated_channel c{{with_break(), with_break("v1")}};
  c.play(20, 60);
  c.kill();
  c.poll(0, at(62));
  c.timeline.advance(at(62));
  const auto s = c.timeline.take_snapshot();
  BOOST_TEST(s->windows[0] != nullptr);
  BOOST_TEST(s->windows[1] == nullptr);
}

BOOST_AUTO_TEST_CASE(an_open_break_goes_on_with_the_slate_of_before) {
  origin_rendition r;
  r.fill(at(40), 4s).fill(at(82), 4s).fill(at(300), 4s);
  r.tag(at(40), "#EXT-X-CUE-OUT").tag(at(82), "#EXT-X-CUE-IN");
  simulated_channel c{{r}};
  c.play(20, 74);
  c.kill();
  c.play(76, 130);
  BOOST_TEST((c.timeline.breaks().front().in_point == at(82)));
  const auto content = c.content_shown();
  BOOST_TEST(
      std::count_if(content.begin(), content.end(), [](int i) { return i >= 10 && i < 21; }) == 0);
}

BOOST_AUTO_TEST_CASE(titles_in_any_encoding_are_kept) {
  auto r = with_break();
  r.tag(at(36), "#EXT-X-NOTE:caf\xe9");
  simulated_channel c{{r}};
  c.play(20, 60);
  c.kill();
  c.play(62, 110);
  BOOST_TEST(c.ads_shown() == usual_pod);
}

BOOST_AUTO_TEST_CASE(guided_lists_stand) {
  simulated_channel c{{with_break()}};
  c.timeline.add_audience("guided", true);
  c.play(20, 50);
  const auto id = c.timeline.breaks().front().id;
  const auto before = c.timeline.decided("guided", id);
  BOOST_REQUIRE(before);
  c.kill();
  const auto after = c.timeline.decided("guided", id);
  BOOST_REQUIRE(after);
  BOOST_TEST(after->items.size() == before->items.size());
  BOOST_TEST(after->items.front().media->key == before->items.front().media->key);
}

BOOST_AUTO_TEST_CASE(content_alone_needs_nothing_to_be_kept) {
  simulated_channel c{{video(300)}};
  c.play(20, 60);
  const auto marks = c.marks();
  c.play(62, 100);
  BOOST_TEST((c.marks() == marks));
}

BOOST_AUTO_TEST_CASE(what_is_kept_reads_as_it_was_written) {
  simulated_channel c{{with_break()}};
  c.timeline.add_audience("guided", true);
  c.play(20, 60);
  const auto text = stitch::write_timeline_state(c.timeline.state());
  const auto back = stitch::read_timeline_state(text);
  BOOST_REQUIRE_MESSAGE(back, (back ? "" : back.error().message()));
  BOOST_TEST((stitch::write_timeline_state(*back) == text));
}

BOOST_AUTO_TEST_CASE(a_state_that_is_not_sound_is_refused) {
  simulated_channel c{{with_break()}};
  c.play(20, 60);
  const auto kept = stitch::write_timeline_state(c.timeline.state());
  // In whichever part it stands.
  const auto changed = [&](const std::string& from, const std::string& to) {
    auto t = kept;
    std::size_t times = 0;
    for (auto* text : {&t.channel, &t.audiences.at("all")})
      for (auto found = text->find(from); found != std::string::npos;
           found = text->find(from, found + to.size()), ++times)
        text->replace(found, from.size(), to);
    BOOST_REQUIRE_MESSAGE(times > 0, from);
    return t;
  };
  const auto with = [&](std::string channel, std::string audience) {
    return stitch::kept_timeline{std::move(channel), {{"all", std::move(audience)}}};
  };
  const auto& text = kept.channel;
  const auto& part = kept.audiences.at("all");
  for (const auto& broken :
       {with("", part), with("{}", part), with(text.substr(0, text.size() / 2), part),
        with(text, ""), with(text, "[]"), with(text, part.substr(0, part.size() / 2)),
        changed("\"version\":5", "\"version\":1"), changed("\"rank\":0", "\"rank\":9"),
        changed("\"renditions\":[{",
                "\"renditions\":[{\"name\":\"v1\",\"kind\":0,\"identity\":\"\"},{"),
        changed("\"media\":\"red\"", "\"media\":\"other\""),
        changed("\"segment\":0", "\"segment\":99"), changed("\"passed\":0", "\"passed\":7"),
        changed("\"count\":3", "\"count\":300"),
        changed("\"out_point\":", "\"out_point\":null,\"was\":"),
        changed("\"guided\":false", "\"guided\":0"), changed("\"msn\":110", "\"msn\":710")})
    BOOST_TEST(!stitch::read_timeline_state(broken), broken.channel << broken.audiences.at("all"));
}

BOOST_AUTO_TEST_CASE(renditions_of_other_names_begin_anew) {
  simulated_channel c{{with_break()}};
  c.play(20, 60);
  auto state = stitch::read_timeline_state(stitch::write_timeline_state(c.timeline.state()));
  stitch::channel_timeline other{
      {{"v1", stitch::rendition_kind::video, ""}, {"v0", stitch::rendition_kind::video, ""}}, {}};
  BOOST_TEST(!other.restore(*std::move(state)));
}

BOOST_AUTO_TEST_SUITE_END()
