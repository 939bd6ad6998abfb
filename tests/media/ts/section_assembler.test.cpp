#include "media/ts/section_assembler.hpp"

#include <boost/test/unit_test.hpp>

#include "media/ts/section_writer.hpp"

using namespace interlude;
using namespace interlude::ts;

namespace {

bytes section(std::size_t size, std::uint8_t fill) {
  bytes out(size, fill);
  out[0] = 0xFC;
  out[1] = static_cast<std::uint8_t>(0x30 | (size - 3) >> 8);
  out[2] = static_cast<std::uint8_t>(size - 3);
  return out;
}

std::vector<bytes> feed(section_assembler& a, const bytes& packets) {
  std::vector<bytes> out;
  for (std::size_t at = 0; at < packets.size(); at += packet_size)
    for (auto& s : a.feed(*read_ts_packet(byte_view{packets}.subspan(at, packet_size))))
      out.push_back(std::move(s));
  return out;
}

bytes packet(std::uint8_t continuity, bool starts, bytes payload) {
  bytes out{sync_byte, static_cast<std::uint8_t>(starts ? 0x41 : 0x01), 0xF0,
            static_cast<std::uint8_t>(0x10 | continuity)};
  out.insert(out.end(), payload.begin(), payload.end());
  out.resize(packet_size, 0xFF);
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(section_assemblers)

BOOST_AUTO_TEST_CASE(sections_of_every_size_come_back) {
  section_assembler a;
  std::uint8_t continuity = 0;
  for (std::size_t size = 3; size <= 4096; size += size < 400 ? 1 : 97) {
    const auto s = section(size, 7);
    const auto found = feed(a, packets_of(std::vector<bytes>{s}, 0x1F0, continuity));
    BOOST_REQUIRE_MESSAGE(found.size() == 1 && found[0] == s, size);
  }
  BOOST_TEST(a.lost() == 0u);
}

BOOST_AUTO_TEST_CASE(several_sections_share_a_packet) {
  section_assembler a;
  std::uint8_t continuity = 5;
  const std::vector all{section(40, 1), section(200, 2), section(300, 3)};
  BOOST_TEST((feed(a, packets_of(all, 0x1F0, continuity)) == all));
}

BOOST_AUTO_TEST_CASE(a_section_may_end_where_the_next_unit_starts) {
  section_assembler a;
  const auto first = section(200, 1), second = section(20, 2);
  bytes head{0};
  head.insert(head.end(), first.begin(), first.begin() + 183);
  bytes tail{17};  // pointer_field
  tail.insert(tail.end(), first.begin() + 183, first.end());
  tail.insert(tail.end(), second.begin(), second.end());
  BOOST_TEST(feed(a, packet(0, true, head)).empty());
  BOOST_TEST((feed(a, packet(1, true, tail)) == std::vector<bytes>{first, second}));
}

BOOST_AUTO_TEST_CASE(a_lost_packet_loses_its_section_only) {
  section_assembler a;
  std::uint8_t continuity = 0;
  auto packets = packets_of(std::vector<bytes>{section(500, 1)}, 0x1F0, continuity);
  packets.erase(packets.begin() + packet_size, packets.begin() + 2 * packet_size);
  BOOST_TEST(feed(a, packets).empty());
  BOOST_TEST(a.lost() == 1u);
  const auto s = section(50, 2);
  BOOST_TEST(
      (feed(a, packets_of(std::vector<bytes>{s}, 0x1F0, continuity)) == std::vector<bytes>{s}));
}

BOOST_AUTO_TEST_CASE(a_repeated_packet_is_read_once) {
  section_assembler a;
  std::uint8_t continuity = 0;
  const auto packets = packets_of(std::vector<bytes>{section(50, 1)}, 0x1F0, continuity);
  BOOST_TEST(feed(a, packets).size() == 1u);
  BOOST_TEST(feed(a, packets).empty());
}

BOOST_AUTO_TEST_CASE(counters_that_begin_anew_in_each_segment_lose_nothing) {
  section_assembler a;
  for (std::uint8_t i = 1; i < 5; ++i) {
    std::uint8_t continuity = 0;
    const auto s = section(50, i);
    BOOST_TEST(
        (feed(a, packets_of(std::vector<bytes>{s}, 0x1F0, continuity)) == std::vector<bytes>{s}));
  }
}

BOOST_AUTO_TEST_CASE(nonsense_is_passed_over) {
  section_assembler a;
  BOOST_TEST(feed(a, packet(0, true, {200})).empty());           // a pointer out of the packet
  BOOST_TEST(feed(a, packet(1, false, bytes(184, 1))).empty());  // the middle of nothing
  BOOST_TEST(feed(a, packet(2, true, {0, 0xFC, 0x3F, 0xFF})).empty());  // waits for 4,095 bytes
  const auto s = section(50, 2);
  bytes unit{0};
  unit.insert(unit.end(), s.begin(), s.end());
  BOOST_TEST((feed(a, packet(3, true, unit)) == std::vector<bytes>{s}));
}

BOOST_AUTO_TEST_SUITE_END()
