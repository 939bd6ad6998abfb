// Splice messages out of a stream that comes in pieces.
#include "media/ts/splice_scanner.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/support/splice_messages.hpp"
#include "tests/support/ts_stream.hpp"

using namespace interlude;
using namespace interlude::ts;
using interlude::test::ts_stream;

namespace {

bytes section_of(std::uint32_t id) {
  return scte35::encode(test::message(test::insert_event(id, true))).value();
}

// A programme with messages 1, 2 and 3 in it.
bytes stream() {
  ts_stream s;
  s.tables().picture(0, true);
  for (std::uint32_t id = 1; id <= 3; ++id) s.sections({section_of(id)}).picture(3600 * id);
  return s.take();
}

std::vector<bytes> in_pieces(splice_scanner& scanner, const bytes& all, std::size_t piece) {
  std::vector<bytes> out;
  for (std::size_t at = 0; at < all.size(); at += piece)
    for (auto& s : scanner.feed(byte_view{all}.subspan(at, std::min(piece, all.size() - at))))
      out.push_back(std::move(s));
  return out;
}

const std::vector<bytes> all_three{section_of(1), section_of(2), section_of(3)};

}  // namespace

BOOST_AUTO_TEST_SUITE(splice_scanners)

BOOST_AUTO_TEST_CASE(messages_are_found_however_the_stream_is_cut) {
  const auto all = stream();
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{187},
                                  std::size_t{188}, std::size_t{189}, all.size()}) {
    splice_scanner scanner;
    BOOST_TEST((in_pieces(scanner, all, piece) == all_three), piece);
    BOOST_TEST(scanner.packets() == all.size() / packet_size);
    BOOST_TEST(scanner.is_stream());
  }
}

BOOST_AUTO_TEST_CASE(a_stream_without_pictures_will_do) {
  ts_stream s;
  s.tables().sections({section_of(1)});
  splice_scanner scanner;
  BOOST_TEST(in_pieces(scanner, s.take(), 100).size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_no_packet_is_passed_over) {
  const auto all = stream();
  // Before the stream, and within it; with sync bytes that are none.
  for (const std::size_t piece : {std::size_t{5}, std::size_t{1000}}) {
    bytes mixed(100, sync_byte);
    mixed.insert(mixed.end(), all.begin(), all.end());
    const auto again = static_cast<std::ptrdiff_t>(mixed.size());
    mixed.insert(mixed.end(), 50, 0x00);
    mixed.insert(mixed.end(), all.begin(), all.end());
    BOOST_REQUIRE(mixed[static_cast<std::size_t>(again)] == 0);
    splice_scanner scanner;
    const auto found = in_pieces(scanner, mixed, piece);
    BOOST_TEST((std::vector<bytes>{found.end() - 3, found.end()} == all_three), piece);
    BOOST_TEST(scanner.is_stream());
  }
}

BOOST_AUTO_TEST_CASE(what_is_lost_for_too_long_is_no_stream) {
  splice_scanner scanner;
  const bytes rubbish(1000, 0x20);
  for (int i = 0; i < 65; ++i) scanner.feed(rubbish);
  BOOST_TEST(scanner.is_stream());
  scanner.feed(rubbish);
  BOOST_TEST(!scanner.is_stream());
  BOOST_TEST(scanner.feed(stream()).empty());
  BOOST_TEST(scanner.packets() == 0u);
}

BOOST_AUTO_TEST_CASE(hours_of_a_stream_with_some_damage_are_one) {
  splice_scanner scanner;
  auto all = stream();
  all.insert(all.end(), 400, 0x11);
  for (int i = 0; i < 1000; ++i) scanner.feed(all);
  BOOST_TEST(scanner.is_stream());
  BOOST_TEST(scanner.packets() > 5000u);
}

BOOST_AUTO_TEST_SUITE_END()
