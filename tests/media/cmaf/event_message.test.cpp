#include "media/cmaf/event_message.hpp"

#include <boost/test/unit_test.hpp>

#include "media/cmaf/box_writer.hpp"
#include "tests/support/mp4_boxes.hpp"

using namespace interlude;
using namespace interlude::cmaf;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

const bytes section{0xFC, 0x30, 0x00};

// As older packagers write it: the scheme first, the time from the segment's start.
bytes version_0(const std::string& scheme, std::uint32_t delta) {
  bytes text{scheme.begin(), scheme.end()};
  text.insert(text.end(), {0, 0});
  return box("emsg", {words({0}), text, words({1000, delta, 0xFFFFFFFF, 7}), section});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(event_messages)

BOOST_AUTO_TEST_CASE(a_fragment_tells_its_time_and_messages) {
  const auto scales = read_timescales(initialization(2, 12'800));
  BOOST_TEST(scales.at(2) == 12'800u);
  const auto found =
      read_fragment(joined({write_event_message(section, 7, 90'000, 900'000, 2'700'000),
                            movie_fragment(2, 64'000)}),
                    scales);
  BOOST_TEST((found.start == duration{5s}));
  BOOST_REQUIRE(found.messages.size() == 1u);
  const auto& m = found.messages[0];
  BOOST_TEST((m.section == section));
  BOOST_TEST((m.time == duration{10s}));
  BOOST_TEST(!m.from_segment_start);
  BOOST_TEST((m.length == duration{30s}));
  BOOST_TEST(m.id == 7u);
}

BOOST_AUTO_TEST_CASE(version_0_counts_from_the_segment) {
  const auto found = read_fragment(version_0("urn:scte:scte35:2013:bin", 2500), {});
  BOOST_REQUIRE(found.messages.size() == 1u);
  BOOST_TEST((found.messages[0].time == duration{2500ms}));
  BOOST_TEST(found.messages[0].from_segment_start);
  BOOST_TEST(!found.messages[0].length);
}

BOOST_AUTO_TEST_CASE(other_schemes_and_other_boxes_are_passed_over) {
  const auto found = read_fragment(
      joined({version_0("urn:mpeg:dash:event:2012", 1), box("styp", {words({1, 2})}),
              box("emsg", {words({9u << 24, 0, 0})}), version_0("urn:scte:scte35:2013:bin", 1)}),
      {});
  BOOST_TEST(found.messages.size() == 1u);
  BOOST_TEST(!found.start);
}

BOOST_AUTO_TEST_CASE(what_is_cut_off_anywhere_ends_the_reading) {
  const auto whole =
      joined({initialization(2, 12'800), write_event_message(section, 7, 90'000, 900'000, 1),
              movie_fragment(2, 1)});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto part = byte_view{whole}.first(size);
    const auto found = read_fragment(part, read_timescales(part));
    BOOST_TEST(found.messages.size() <= 1u);
    BOOST_TEST(!found.start);
  }
  // Sizes that lie: larger than the file, smaller than their own header, 64 bits of it.
  for (const auto& lie : {words({0xFFFFFFFF, 0x656D7367}), words({4, 0x656D7367}),
                          words({1, 0x656D7367, 0xFFFFFFFF, 0xFFFFFFFF})})
    BOOST_TEST(read_fragment(lie, {}).messages.empty());
}

BOOST_AUTO_TEST_CASE(times_of_64_bits_do_not_overflow) {
  const auto found = read_fragment(joined({write_event_message(section, 1, 1, ~std::uint64_t{0}, 1),
                                           movie_fragment(1, ~std::uint64_t{0})}),
                                   {{1, 1}});
  BOOST_REQUIRE(found.messages.size() == 1u);
  BOOST_TEST((found.messages[0].time > 0s));
  BOOST_TEST((*found.start > 0s));
  BOOST_TEST(read_fragment(movie_fragment(1, 5), {{1, 1}}).start.value().count() == 5'000'000);
  // A scale of 0 is none.
  BOOST_TEST(read_timescales(initialization(1, 0)).empty());
}

BOOST_AUTO_TEST_SUITE_END()
