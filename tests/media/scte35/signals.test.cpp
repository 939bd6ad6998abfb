#include "media/scte35/signals.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/support/splice_messages.hpp"

using namespace interlude;
using namespace interlude::scte35;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

const signal_policy usual;

splice_info_section timed(std::vector<splice_descriptor> d) {
  return message(time_signal{{900'000}}, std::move(d));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scte35_signals)

BOOST_AUTO_TEST_CASE(a_splice_insert_starts_and_ends_a_break) {
  auto s = message(insert_event(7, true, 30s));
  auto found = signals_of(s, usual);
  BOOST_REQUIRE(found.size() == 1u);
  BOOST_TEST((found[0].kind == signal_kind::out));
  BOOST_TEST(found[0].event_id == "splice-7");
  BOOST_TEST((found[0].planned == duration{30s}));
  BOOST_TEST(!found[0].waits_for_in);
  BOOST_TEST(!found[0].pts);
  found = signals_of(message(insert_event(7, true, 30s, false)), usual);
  BOOST_TEST(found[0].waits_for_in);
  found = signals_of(message(insert_event(7, false)), usual);
  BOOST_TEST((found[0].kind == signal_kind::in));
  auto cancel = insert_event(7, true);
  cancel.splice_event_cancel_indicator = true;
  found = signals_of(message(cancel), usual);
  BOOST_TEST((found[0].kind == signal_kind::cancel));
}

BOOST_AUTO_TEST_CASE(times_are_adjusted_and_wrap) {
  auto e = insert_event(7, true);
  e.splice_immediate_flag = false;
  e.when = {pts_modulus - 90'000};
  auto s = message(e);
  s.pts_adjustment = 180'000;
  BOOST_TEST((signals_of(s, usual)[0].pts == 90'000u));
  // Component mode: the first component that has a time.
  e.program_splice_flag = false;
  e.components = {{1, {}}, {2, {5}}};
  BOOST_TEST((signals_of(message(e), usual)[0].pts == 5u));
}

BOOST_AUTO_TEST_CASE(segmentations_start_and_end_what_is_configured) {
  const auto found =
      signals_of(timed({segmentation(1, 0x22), segmentation(2, 0x34, 60s), segmentation(3, 0x37),
                        segmentation(4, 0x38, 10s), segmentation(5, 0x44), segmentation(6, 0x20)}),
                 usual);
  BOOST_REQUIRE(found.size() == 3u);
  BOOST_TEST((found[0].rank == signal_rank::whole_break));
  BOOST_TEST((found[1].rank == signal_rank::opportunity));
  BOOST_TEST((found[1].planned == duration{60s}));
  BOOST_TEST((found[1].pts == 900'000u));
  BOOST_TEST((found[2].kind == signal_kind::in));
  BOOST_TEST(found[2].segmentation_type == 0x36);
  signal_policy promos;
  promos.segmentation_types = {0x3C};
  BOOST_TEST(signals_of(timed({segmentation(1, 0x3C)}), promos).size() == 1u);
  BOOST_TEST(signals_of(timed({segmentation(1, 0x34)}), promos).empty());
}

BOOST_AUTO_TEST_CASE(programme_boundaries_are_told_whatever_is_configured) {
  for (const int type : {0x10, 0x11, 0x13})
    BOOST_TEST(
        (signals_of(timed({segmentation(1, static_cast<std::uint8_t>(type))}), usual).at(0).kind ==
         signal_kind::boundary));
}

BOOST_AUTO_TEST_CASE(a_descriptor_beside_a_splice_insert_describes_it) {
  const auto found =
      signals_of(message(insert_event(7, true, 30s), {segmentation(9, 0x34, 30s, false)}), usual);
  BOOST_REQUIRE(found.size() == 1u);
  BOOST_TEST(found[0].event_id == "splice-7");
  BOOST_TEST(!found[0].web_delivery_allowed);
}

BOOST_AUTO_TEST_CASE(tiers_choose_their_messages) {
  signal_policy ours;
  ours.tier = 5;
  auto s = message(insert_event(7, true), {}, 5);
  BOOST_TEST(signals_of(s, ours).size() == 1u);
  s.tier = 6;
  BOOST_TEST(signals_of(s, ours).empty());
  BOOST_TEST(signals_of(s, usual).size() == 1u);
  s.tier = 0xFFF;
  BOOST_TEST(signals_of(s, ours).size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_no_break_is_no_signal) {
  BOOST_TEST(signals_of(message(splice_null{}), usual).empty());
  BOOST_TEST(signals_of(message(bandwidth_reservation{}), usual).empty());
  BOOST_TEST(signals_of(message(splice_schedule{{scheduled_event{}}}), usual).empty());
  BOOST_TEST(signals_of(message(time_signal{{5}}), usual).empty());
  auto locked = message(insert_event(7, true));
  locked.encrypted = unknown_command{0x05, {}};
  BOOST_TEST(signals_of(locked, usual).empty());
}

BOOST_AUTO_TEST_SUITE_END()
