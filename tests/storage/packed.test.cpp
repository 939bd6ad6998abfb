// Numbers and texts in a record, and what is made of one that is damaged.
#include "storage/packed.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>

using namespace interlude::storage;

BOOST_AUTO_TEST_SUITE(packed_records)

BOOST_AUTO_TEST_CASE(what_is_packed_is_unpacked) {
  const std::uint64_t numbers[] = {0, 1, 127, 128, 300, std::numeric_limits<std::uint64_t>::max()};
  const std::string texts[] = {"", "x", std::string(200, 'y'), std::string{"\0\x80", 2}};
  std::string packed;
  for (const auto n : numbers) pack(packed, n);
  for (const auto& t : texts) pack(packed, t);
  unpacker in{packed};
  for (const auto n : numbers) BOOST_TEST(in.number() == n);
  for (const auto& t : texts) BOOST_TEST(in.text() == t);
  BOOST_TEST(in.is_whole());
}

BOOST_AUTO_TEST_CASE(what_is_cut_off_is_not_whole) {
  std::string packed;
  pack(packed, std::uint64_t{300});
  pack(packed, std::string_view{"text"});
  for (std::size_t size = 0; size < packed.size(); ++size) {
    unpacker in{std::string_view{packed}.substr(0, size)};
    in.number();
    in.text();
    BOOST_TEST(!in.is_whole(), size);
  }
}

BOOST_AUTO_TEST_CASE(what_is_left_over_is_not_whole) {
  std::string packed;
  pack(packed, std::uint64_t{7});
  packed += 'x';
  unpacker in{packed};
  BOOST_TEST(in.number() == 7u);
  BOOST_TEST(in.left() == 1u);
  BOOST_TEST(!in.is_whole());
}

BOOST_AUTO_TEST_CASE(numbers_without_end_and_texts_longer_than_all_are_refused) {
  unpacker endless{std::string_view{"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12}};
  BOOST_TEST(endless.number() == 0u);
  BOOST_TEST(!endless.is_whole());
  std::string huge;
  pack(huge, std::numeric_limits<std::uint64_t>::max());
  huge += "text";
  unpacker in{huge};
  BOOST_TEST(in.text() == "");
  BOOST_TEST(!in.is_whole());
}

BOOST_AUTO_TEST_SUITE_END()
