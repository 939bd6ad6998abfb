// Breaks told by SCTE-35 messages in playlist tags.
#include <boost/test/unit_test.hpp>

#include "tests/support/simulated_channel.hpp"
#include "tests/support/splice_messages.hpp"

using namespace interlude;
using namespace interlude::test;

namespace {

// Segments of four seconds, cut at 40 s and 70 s.
origin_rendition programme() {
  origin_rendition r;
  r.fill(at(40), 4s).fill(at(70), 4s).fill(at(300), 4s);
  return r;
}

std::string oatcls(const std::string& message) {
  return "#EXT-OATCLS-SCTE35:" + message;
}

const stitch::ad_break& only_break(const simulated_channel& c) {
  BOOST_REQUIRE(c.timeline.breaks().size() == 1u);
  return c.timeline.breaks().front();
}

constexpr auto whole_pod = "red/0 red/1 red/2 green/0 green/1 green/2 green/3 blue/0 blue/1";

}  // namespace

BOOST_AUTO_TEST_SUITE(scte35_cues)

BOOST_AUTO_TEST_CASE(a_message_without_any_other_tag_starts_a_break) {
  for (const auto& tag :
       {oatcls(insert_text(7, true, 30s)), "#EXT-X-SPLICEPOINT-SCTE35:" + insert_text(7, true, 30s),
        "#EXT-X-SCTE35:CUE=\"" + insert_text(7, true, 30s) + '"',
        oatcls(signal_text({segmentation(7, 0x34, 30s)})),
        "#EXT-X-DATERANGE:ID=\"x\",START-DATE=\"" + format_iso8601(at(40)) +
            "\",SCTE35-CMD=" + scte35::encode_hex(message(insert_event(7, true, 30s))).value()}) {
    BOOST_TEST_CONTEXT(tag) {
      simulated_channel c{{programme().tag(at(40), tag)}};
      c.play(20, 110);
      BOOST_TEST(c.ads_shown() == whole_pod);
      BOOST_TEST(c.timeline.unreadable_cues() == 0u);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_message_and_the_tag_beside_it_are_one_break) {
  for (const bool first : {true, false}) {
    auto r = programme();
    if (first) r.tag(at(40), oatcls(insert_text(7, true, 30s)));
    r.tag(at(40), "#EXT-X-CUE-OUT:30");
    if (!first) r.tag(at(40), oatcls(insert_text(7, true, 30s)));
    simulated_channel c{{r}};
    c.play(20, 110);
    BOOST_TEST(c.ads_shown() == whole_pod);
    BOOST_TEST(only_break(c).splice_id == "splice-7");
  }
}

BOOST_AUTO_TEST_CASE(the_in_message_ends_the_break) {
  auto r = programme();
  r.tag(at(40), oatcls(signal_text({segmentation(7, 0x36, 120s)})))
      .tag(at(70), oatcls(signal_text({segmentation(7, 0x37)})));
  simulated_channel c{{r}};
  c.play(20, 110);
  BOOST_TEST((only_break(c).end == at(70)));
}

BOOST_AUTO_TEST_CASE(a_return_under_an_id_of_its_own_ends_the_break) {
  auto r = programme();
  r.tag(at(40), oatcls(insert_text(7, true, 120s))).tag(at(70), oatcls(insert_text(8, false)));
  simulated_channel c{{r}};
  c.play(20, 110);
  BOOST_TEST((only_break(c).end == at(70)));
}

// Break, placement opportunity and two advertisements, each with an event of its own.
BOOST_AUTO_TEST_CASE(nested_events_are_one_break) {
  auto r = programme();
  r.tag(at(40), oatcls(signal_text({segmentation(1, 0x30, 16s), segmentation(2, 0x34, 28s),
                                    segmentation(3, 0x22, 30s)})))
      .tag(at(56), oatcls(signal_text({segmentation(1, 0x31), segmentation(4, 0x30, 14s)})))
      .tag(at(68), oatcls(signal_text({segmentation(4, 0x31), segmentation(2, 0x35)})))
      .tag(at(70), oatcls(signal_text({segmentation(3, 0x23)})));
  simulated_channel c{{r}};
  c.play(20, 110);
  const auto& b = only_break(c);
  BOOST_TEST(b.splice_id == "segmentation-3");
  BOOST_TEST((b.end == at(70)));
  BOOST_TEST(c.ads_shown() == whole_pod);
}

BOOST_AUTO_TEST_CASE(without_auto_return_the_in_cue_is_awaited_in_slate) {
  auto r = programme();
  r.tag(at(40), oatcls(insert_text(7, true, 30s, false))).tag(at(40), "#EXT-X-CUE-OUT:30");
  r.tag(at(82), oatcls(insert_text(7, false)));
  simulated_channel c{{r}};
  c.play(20, 130);
  BOOST_TEST((only_break(c).end == at(82)));
  BOOST_TEST(c.ads_shown() == std::string{whole_pod} + " slate/0 slate/1 slate/2");
}

BOOST_AUTO_TEST_CASE(without_auto_return_content_comes_back_as_planned_where_that_is_the_policy) {
  stitch::break_policy policy;
  policy.on_overrun = stitch::overrun_policy::content;
  simulated_channel c{{programme().tag(at(40), oatcls(insert_text(7, true, 30s, false)))}, policy};
  c.play(20, 130);
  BOOST_TEST(c.ads_shown() == whole_pod);
}

BOOST_AUTO_TEST_CASE(a_break_that_is_taken_back_before_it_starts_never_happened) {
  auto cancelled = insert_event(7, true);
  cancelled.splice_event_cancel_indicator = true;
  auto r = programme();
  r.tag(at(20), "#EXT-X-DATERANGE:ID=\"x\",START-DATE=\"" + format_iso8601(at(40)) +
                    "\",PLANNED-DURATION=30,SCTE35-OUT=" +
                    scte35::encode_hex(message(insert_event(7, true, 30s))).value());
  r.tag(at(28), oatcls(base64(message(cancelled))));
  simulated_channel c{{r}};
  c.play(20, 110);
  BOOST_TEST((only_break(c).state == stitch::break_state::cancelled));
  BOOST_TEST(c.ads_shown() == "");
}

BOOST_AUTO_TEST_CASE(what_may_not_be_delivered_on_the_web_is_left_to_the_content) {
  auto r = programme();
  r.tag(at(40), oatcls(signal_text({segmentation(7, 0x34, 30s, false)})))
      .tag(at(40), "#EXT-X-CUE-OUT:30");
  for (int t = 44; t < 70; t += 4)
    r.tag(at(t), "#EXT-X-CUE-OUT-CONT:ElapsedTime=" + std::to_string(t - 40) + ",Duration=30");
  simulated_channel c{{r}};
  c.play(20, 110);
  BOOST_TEST(c.ads_shown() == "");
  BOOST_TEST(c.timeline.forbidden_breaks() == 1u);
}

BOOST_AUTO_TEST_CASE(what_nests_in_a_forbidden_break_is_left_to_the_content_too) {
  auto r = programme();
  r.tag(at(40), oatcls(signal_text({segmentation(7, 0x34, 30s, false)})))
      .tag(at(56), oatcls(signal_text({segmentation(8, 0x30, 14s)})))
      .tag(at(60), "#EXT-X-CUE-OUT-CONT");
  simulated_channel c{{r}};
  c.play(20, 110);
  BOOST_TEST(c.ads_shown() == "");
}

BOOST_AUTO_TEST_CASE(events_that_share_one_id_nest_all_the_same) {
  auto r = programme();
  r.tag(at(40), oatcls(signal_text({segmentation(5, 0x22, 30s), segmentation(5, 0x30, 16s)})))
      .tag(at(56), oatcls(signal_text({segmentation(5, 0x31), segmentation(5, 0x30, 14s)})))
      .tag(at(70), oatcls(signal_text({segmentation(5, 0x31), segmentation(5, 0x23)})));
  simulated_channel c{{r}};
  c.play(20, 110);
  BOOST_TEST((only_break(c).end == at(70)));
  BOOST_TEST(c.ads_shown() == whole_pod);
}

BOOST_AUTO_TEST_CASE(an_encoder_with_one_id_for_all_has_more_than_one_break) {
  auto r = programme();
  r.tag(at(40), oatcls(insert_text(1, true, 30s))).tag(at(150), oatcls(insert_text(1, true, 20s)));
  simulated_channel c{{r}};
  c.play(20, 220);
  BOOST_REQUIRE(c.timeline.breaks().size() == 2u);
  BOOST_TEST((c.timeline.breaks()[1].state == stitch::break_state::ended));
}

BOOST_AUTO_TEST_CASE(a_break_that_was_passed_over_does_not_take_the_next_one_of_its_id) {
  const auto told = [](const std::string& id, double start, duration length) {
    return "#EXT-X-DATERANGE:ID=\"" + id + "\",START-DATE=\"" + format_iso8601(at(start)) +
           "\",PLANNED-DURATION=" + format_seconds(length) +
           ",SCTE35-OUT=" + scte35::encode_hex(message(insert_event(1, true, length))).value();
  };
  auto r = programme();
  r.tag(at(36), told("x", 41, 2s)).tag(at(150), told("y", 150, 20s));
  simulated_channel c{{r}};
  c.play(20, 220);
  BOOST_REQUIRE(c.timeline.breaks().size() == 2u);
  BOOST_TEST((c.timeline.breaks()[0].state == stitch::break_state::passed_over));
  BOOST_TEST((c.timeline.breaks()[1].state == stitch::break_state::ended));
}

BOOST_AUTO_TEST_CASE(a_message_for_others_starts_nothing_whatever_its_tag_says) {
  stitch::break_policy policy;
  policy.signals.tier = 5;
  auto r = programme();
  r.tag(at(40), "#EXT-X-DATERANGE:ID=\"x\",START-DATE=\"" + format_iso8601(at(40)) +
                    "\",PLANNED-DURATION=30,SCTE35-OUT=" +
                    scte35::encode_hex(message(insert_event(7, true, 30s), {}, 6)).value());
  simulated_channel c{{r}, policy};
  c.play(20, 110);
  BOOST_TEST(c.ads_shown() == "");
}

BOOST_AUTO_TEST_CASE(a_programme_boundary_ends_a_break) {
  auto r = programme();
  r.tag(at(40), oatcls(signal_text({segmentation(7, 0x34)})))
      .tag(at(70), oatcls(signal_text({segmentation(9, 0x10)})));
  simulated_channel c{{r}};
  c.play(20, 130);
  BOOST_TEST((only_break(c).end == at(70)));
}

BOOST_AUTO_TEST_CASE(a_message_that_does_not_decode_is_counted_and_its_tag_believed) {
  auto damaged = insert_text(7, true, 30s);
  damaged[10] = damaged[10] == 'A' ? 'B' : 'A';
  auto r = programme();
  r.tag(at(40), oatcls(damaged)).tag(at(40), "#EXT-X-CUE-OUT:30");
  simulated_channel c{{r}};
  c.play(20, 110);
  BOOST_TEST(c.ads_shown() == whole_pod);
  BOOST_TEST(c.timeline.unreadable_cues() > 0u);
}

BOOST_AUTO_TEST_SUITE_END()
