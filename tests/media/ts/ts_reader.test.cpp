#include "media/ts/ts_reader.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/support/ts_stream.hpp"

using namespace interlude;
using namespace interlude::ts;
using interlude::test::ts_stream;

namespace {

bytes section(std::size_t size, std::uint8_t fill) {
  bytes out(size, fill);
  out[0] = 0xFC;
  out[1] = static_cast<std::uint8_t>(0x30 | (size - 3) >> 8);
  out[2] = static_cast<std::uint8_t>(size - 3);
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ts_readers)

BOOST_AUTO_TEST_CASE(pictures_and_messages_are_found) {
  ts_stream s;
  s.tables().picture(1000, true).picture(4600).sections({section(40, 1)}).picture(8200);
  ts_reader reader;
  const auto found = reader.read(s.take());
  BOOST_REQUIRE(found.pictures.size() == 3u);
  BOOST_TEST(found.pictures[0].pts == 1000u);
  BOOST_TEST(found.pictures[0].random_access);
  BOOST_TEST(!found.pictures[1].random_access);
  BOOST_TEST(found.first_pts().value() == 1000u);
  BOOST_REQUIRE(found.messages.size() == 1u);
  BOOST_TEST((found.messages[0].section == section(40, 1)));
  BOOST_TEST(found.messages[0].near_pts.value() == 4600u);
  BOOST_TEST(found.bad_packets == 0u);
}

BOOST_AUTO_TEST_CASE(times_of_33_bits_arrive_whole) {
  for (const std::uint64_t pts : {std::uint64_t{0}, (std::uint64_t{1} << 33) - 1,
                                  std::uint64_t{0x155555555}, std::uint64_t{0x0AAAAAAAA}}) {
    ts_reader reader;
    BOOST_TEST(reader.read(ts_stream{}.tables().picture(pts).take()).first_pts().value() == pts);
  }
}

BOOST_AUTO_TEST_CASE(the_first_picture_shown_is_not_always_the_first_sent) {
  ts_reader reader;
  const auto found =
      reader.read(ts_stream{}.tables().picture(7200, true).picture(0).picture(3600).take());
  BOOST_TEST(found.first_pts().value() == 0u);
  // Also where the clock wraps between them.
  const auto wrapped =
      ts_reader{}.read(ts_stream{}.tables().picture(10, true).picture((1ull << 33) - 3590).take());
  BOOST_TEST(wrapped.first_pts().value() == (1ull << 33) - 3590);
}

BOOST_AUTO_TEST_CASE(a_message_may_be_cut_by_the_end_of_a_segment) {
  ts_stream s;
  s.tables().picture(0, true).sections({section(500, 3)});
  auto both = s.take();
  const auto rest = bytes{both.end() - 188, both.end()};
  both.resize(both.size() - 188);
  ts_reader reader;
  BOOST_TEST(reader.read(both).messages.empty());
  BOOST_TEST(reader.read(rest).messages.size() == 1u);
  // Not across a break of the stream.
  ts_reader other;
  other.read(both);
  other.reset();
  BOOST_TEST(other.read(rest).messages.empty());
}

BOOST_AUTO_TEST_CASE(streams_without_cues_have_none) {
  ts_reader reader;
  const auto found =
      reader.read(ts_stream{}.tables(false).picture(0, true).sections({section(40, 1)}).take());
  BOOST_TEST(found.messages.empty());
  BOOST_TEST(found.pictures.size() == 1u);
}

BOOST_AUTO_TEST_CASE(rubbish_between_packets_is_stepped_over) {
  ts_stream s;
  s.tables().picture(0, true).put(bytes(77, 0x11)).picture(3600).sections({section(40, 1)});
  ts_reader reader;
  const auto found = reader.read(s.take());
  BOOST_TEST(found.pictures.size() == 2u);
  BOOST_TEST(found.messages.size() == 1u);
  BOOST_TEST(found.bad_packets > 0u);
  BOOST_TEST(ts_reader{}.read(bytes(5000, 0x47)).pictures.empty());
  BOOST_TEST(ts_reader{}.read(bytes(10, 0x47)).pictures.empty());
}

// GA94 before CUEI in the programme's own descriptors, and none beside the stream.
BOOST_AUTO_TEST_CASE(one_registration_of_several_is_enough) {
  bytes pmt{0x02, 0xB0, 0x23, 0x00, 0x01, 0xC1, 0x00, 0x00, 0xE1, 0x00, 0xF0, 0x0C,
            0x05, 0x04, 'G',  'A',  '9',  '4',  0x05, 0x04, 'C',  'U',  'E',  'I',
            0x1B, 0xE1, 0x00, 0xF0, 0x00, 0x86, 0xE1, 0xF0, 0xF0, 0x00};
  const auto sealed = [](bytes section) {
    const auto crc = crc32_mpeg2(section);
    for (int shift = 24; shift >= 0; shift -= 8)
      section.push_back(static_cast<std::uint8_t>(crc >> shift));
    return section;
  };
  BOOST_TEST((read_program_map(sealed(pmt)).value().cues == std::vector<std::uint16_t>{0x1F0}));
  pmt[20] = 'X';
  BOOST_TEST(read_program_map(sealed(pmt)).value().cues.empty());
}

BOOST_AUTO_TEST_CASE(a_new_program_map_is_followed) {
  ts_stream s;
  ts_reader reader;
  reader.read(s.tables(false).picture(0, true).take());
  const auto found = reader.read(s.tables(true).picture(0, true).sections({section(40, 1)}).take());
  BOOST_TEST(found.messages.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
