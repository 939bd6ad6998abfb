// Retiming by hand-made packets and boxes; with real media see media.test.cpp.
#include <boost/test/unit_test.hpp>

#include "apps/origin/retime_mp4.hpp"
#include "apps/origin/retime_ts.hpp"

using namespace interlude::origin;

namespace {

char byte(std::uint64_t v) {
  return static_cast<char>(static_cast<unsigned char>(v & 0xFF));
}

std::string timestamp(int prefix, std::uint64_t t) {
  return {byte(static_cast<std::uint64_t>(prefix) << 4 | (t >> 30 & 7) << 1 | 1), byte(t >> 22),
          byte((t >> 15 & 0x7F) << 1 | 1), byte(t >> 7), byte((t & 0x7F) << 1 | 1)};
}

std::uint64_t read_timestamp(const std::string& packet, std::size_t at) {
  const auto b = [&](std::size_t i) {
    return std::uint64_t{static_cast<unsigned char>(packet[at + i])};
  };
  return (b(0) >> 1 & 7) << 30 | b(1) << 22 | b(2) >> 1 << 15 | b(3) << 7 | b(4) >> 1;
}

// A packet that begins a PES packet with PTS and DTS, and carries a PCR.
std::string packet(std::uint16_t pid, std::uint64_t pts, std::uint64_t dts, std::uint64_t pcr) {
  std::string p{byte(0x47), byte(0x40u | pid >> 8), byte(pid), byte(0x30)};
  p += {byte(7),
        byte(0x10),
        byte(pcr >> 25),
        byte(pcr >> 17),
        byte(pcr >> 9),
        byte(pcr >> 1),
        byte((pcr & 1) << 7 | 0x7E),
        byte(0)};
  p += std::string{"\0\0\1\xE0\0\0\x80\xC0\x0A", 9} + timestamp(3, pts) + timestamp(1, dts);
  p.resize(188, 'x');
  return p;
}
constexpr std::size_t pts_at = 4 + 8 + 9, dts_at = pts_at + 5;

std::uint64_t read_pcr(const std::string& p) {
  std::uint64_t v = 0;
  for (std::size_t i = 6; i < 10; ++i) v = v << 8 | static_cast<unsigned char>(p[i]);
  return v << 1 | static_cast<unsigned char>(p[10]) >> 7;
}

std::string number(std::uint64_t v, int size) {
  std::string out;
  for (int i = size - 1; i >= 0; --i) out += byte(i < 8 ? v >> (8 * i) : 0);
  return out;
}
std::string box(const std::string& type, const std::string& body) {
  return number(body.size() + 8, 4) + type + body;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(retiming)

BOOST_AUTO_TEST_CASE(all_clocks_of_a_transport_stream_move_together) {
  auto p = packet(0x100, 90'000, 86'400, 80'000);
  retime_ts(p, 3'600, {});
  BOOST_TEST(read_timestamp(p, pts_at) == 93'600u);
  BOOST_TEST(read_timestamp(p, dts_at) == 90'000u);
  BOOST_TEST(read_pcr(p) == 83'600u);
  // The prefixes that say what follows stay.
  BOOST_TEST((static_cast<unsigned char>(p[pts_at]) >> 4) == 3);
  BOOST_TEST((static_cast<unsigned char>(p[dts_at]) >> 4) == 1);
  BOOST_TEST(p.substr(dts_at + 5) == std::string(188 - dts_at - 5, 'x'));
}

BOOST_AUTO_TEST_CASE(clocks_wrap_at_33_bits) {
  const auto last = (std::uint64_t{1} << 33) - 1;
  auto p = packet(0x100, last, last - 10, last - 20);
  retime_ts(p, 11, {});
  BOOST_TEST(read_timestamp(p, pts_at) == 10u);
  BOOST_TEST(read_timestamp(p, dts_at) == 0u);
  BOOST_TEST(read_pcr(p) == last - 9);
  retime_ts(p, -11, {});
  BOOST_TEST(read_timestamp(p, pts_at) == last);
}

BOOST_AUTO_TEST_CASE(continuity_goes_on_per_pid) {
  std::string segment;
  for (int i = 0; i < 20; ++i) segment += packet(i % 2 == 0 ? 0x100 : 0x101, 1, 1, 1);
  const auto counts = count_packets(segment);
  BOOST_TEST(counts.at(0x100) == 10u);
  retime_ts(segment, 0, {{0x100, 14}, {0x101, 3}});
  for (std::size_t i = 0; i < 20; ++i) {
    const auto counter = static_cast<unsigned char>(segment[i * 188 + 3]) & 15u;
    BOOST_TEST(counter == ((i % 2 == 0 ? 14 : 3) + i / 2) % 16);
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_transport_stream_is_left_as_it_is) {
  for (std::string text : {std::string(1000, 'x'), std::string{"G"}, std::string{}}) {
    const auto before = text;
    retime_ts(text, 1, {});
    BOOST_TEST(text == before);
  }
}

BOOST_AUTO_TEST_CASE(fragments_move_in_both_sizes_of_time) {
  for (const bool wide : {false, true}) {
    const auto made = [&](std::uint64_t time, std::uint64_t sequence) {
      const auto version = number(wide ? 1ull << 24 : 0, 4);
      const auto tfdt = box("tfdt", version + number(time, wide ? 8 : 4));
      return box("styp", "msdh") +
             box("moof", box("mfhd", number(0, 4) + number(sequence, 4)) +
                             box("traf", box("tfhd", number(0, 8)) + tfdt)) +
             box("mdat", "tfdt is no box in here");
    };
    auto segment = made(1'000, 1);
    retime_mp4(segment, 500, 77);
    BOOST_TEST((segment == made(1'500, 77)));
  }
}

BOOST_AUTO_TEST_CASE(damaged_boxes_are_left_as_they_are) {
  // Sizes that are too small, lead beyond the end, or belong to nothing.
  for (const auto& text : {number(4, 4) + "moof", number(1'000, 4) + "moof" + "body", number(1, 4),
                           box("moof", number(0, 4) + "traf"), box("moof", box("tfdt", "ab"))}) {
    auto segment = text;
    retime_mp4(segment, 500, 77);
    BOOST_TEST((segment == text));
  }
  BOOST_TEST(timescale_of("") == 0u);
  BOOST_TEST(timescale_of(box("moov", box("trak", box("mdia", box("mdhd", "short"))))) == 0u);
}

BOOST_AUTO_TEST_CASE(the_time_scale_is_the_first_tracks) {
  const auto track = [](std::uint64_t scale) {
    return box("trak", box("mdia", box("mdhd", number(0, 12) + number(scale, 4) + number(0, 8))));
  };
  BOOST_TEST(timescale_of(box("moov", track(12'800) + track(48'000))) == 12'800u);
}

BOOST_AUTO_TEST_SUITE_END()
