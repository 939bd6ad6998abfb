#include <boost/test/unit_test.hpp>
#include <initializer_list>
#include <utility>

#include "media/core/base64.hpp"
#include "media/core/crc32_mpeg2.hpp"
#include "media/core/hex.hpp"

using namespace interlude;

BOOST_AUTO_TEST_SUITE(encodings)

BOOST_AUTO_TEST_CASE(base64url_is_strict) {
  // RFC 4648 10, without padding.
  for (const auto& [bytes, text] :
       std::initializer_list<std::pair<std::string, std::string>>{{"", ""},
                                                                  {"f", "Zg"},
                                                                  {"fo", "Zm8"},
                                                                  {"foo", "Zm9v"},
                                                                  {"foob", "Zm9vYg"},
                                                                  {"\xfb\xff", "-_8"}}) {
    BOOST_CHECK_EQUAL(encode_base64url(bytes), text);
    BOOST_CHECK(decode_base64url(text) == bytes);
  }
  // Padding, the other alphabet, white space, a lone character, and bits left over after the last
  // byte.
  for (const std::string text : {"Zg==", "+/8", "Zm 8", "Zm9vY", "Zh", "Zm9"})
    BOOST_CHECK_MESSAGE(!decode_base64url(text), text);
}

BOOST_AUTO_TEST_CASE(base64_of_people_takes_both_alphabets_and_needs_no_padding) {
  BOOST_TEST(encode_base64("f") == "Zg==");
  BOOST_TEST(encode_base64("\xfb\xff") == "+/8=");
  for (const std::string text : {"+/8=", "+/8", "-_8", "-/8="})
    BOOST_TEST((decode_base64_leniently(text) == "\xfb\xff"), text);
  for (const std::string text : {"+/8===", "+/8 ", "Z", "=+/8"})
    BOOST_TEST(!decode_base64_leniently(text), text);
}

BOOST_AUTO_TEST_CASE(hex_has_two_digits_a_byte) {
  BOOST_TEST(to_hex(bytes{0xFC, 0x30, 0x00}) == "fc3000");
  BOOST_TEST((from_hex("fC3000") == bytes{0xFC, 0x30, 0x00}));
  for (const auto* text : {"f", "0xfc", "fg", " fc"}) BOOST_TEST(!from_hex(text), text);
}

// The check value of CRC-32/MPEG-2.
BOOST_AUTO_TEST_CASE(the_crc_is_that_of_mpeg_sections) {
  const std::string digits = "123456789";
  const bytes data{digits.begin(), digits.end()};
  BOOST_TEST(crc32_mpeg2(data) == 0x0376E6E7u);
}

BOOST_AUTO_TEST_CASE(bits_are_read_as_they_were_written) {
  bit_writer out;
  out.put(1, 1);
  out.put(0x1FFFFFFFEull, 33);
  out.put(5, 6);
  out.append(bytes{7, 8});
  const auto data = out.take();
  BOOST_TEST(data.size() == 7u);
  bit_reader in{data};
  BOOST_TEST(in.flag());
  BOOST_TEST(in.take(33) == 0x1FFFFFFFEull);
  BOOST_TEST(in.take(6) == 5u);
  BOOST_TEST(in.take(16) == 0x0708u);
  BOOST_TEST(in.ok());
  BOOST_TEST(in.take(1) == 0u);
  BOOST_TEST(!in.ok());
}

BOOST_AUTO_TEST_SUITE_END()
