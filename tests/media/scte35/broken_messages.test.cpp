// Messages that are none, are damaged, or are written by somebody who counts otherwise.
#include <boost/test/unit_test.hpp>

#include "media/core/crc32_mpeg2.hpp"
#include "media/core/hex.hpp"
#include "media/scte35/decode.hpp"
#include "media/scte35/encode.hpp"

using namespace interlude;
using namespace interlude::scte35;

namespace {

const std::string insert_text = "/DAlAAAAAAAAAP/wFAUAAAABf+/+AFJlwP4AKTLgAAAAAAAAie27EQ==";

bytes insert_bytes() {
  return bytes_of_text(insert_text).value();
}

// With the CRC made true again after a change.
bytes sealed(bytes message) {
  const auto crc = crc32_mpeg2(byte_view{message}.first(message.size() - 4));
  for (std::size_t i = 0; i < 4; ++i)
    message[message.size() - 4 + i] = static_cast<std::uint8_t>(crc >> (24 - 8 * i));
  return message;
}

void refused(byte_view message, errc code, const std::string& where) {
  const auto r = decode(message);
  BOOST_REQUIRE(!r);
  BOOST_TEST((r.error().code == code), r.error().message());
  BOOST_TEST(r.error().where == where, r.error().message());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(broken_scte35_messages)

BOOST_AUTO_TEST_CASE(a_message_that_is_cut_off_anywhere_is_refused) {
  const auto whole = insert_bytes();
  for (std::size_t size = 0; size < whole.size(); ++size)
    BOOST_TEST(!decode(byte_view{whole}.first(size)), size);
}

BOOST_AUTO_TEST_CASE(a_bit_that_fell_over_is_noticed_wherever_it_is) {
  for (std::size_t bit = 0; bit < insert_bytes().size() * 8; ++bit) {
    auto damaged = insert_bytes();
    damaged[bit / 8] = static_cast<std::uint8_t>(damaged[bit / 8] ^ (1u << bit % 8));
    BOOST_TEST(!decode(damaged), bit);
  }
}

BOOST_AUTO_TEST_CASE(errors_say_what_is_wrong) {
  refused(bytes{0xFC, 0x30}, errc::malformed, "section");
  refused(bytes(40, 0x00), errc::malformed, "table_id");
  auto damaged = insert_bytes();
  damaged[20] ^= 1;
  refused(damaged, errc::malformed, "CRC_32");
  auto newer = insert_bytes();
  newer[3] = 1;
  refused(sealed(newer), errc::unsupported, "protocol_version");
  refused(bytes{0xFC, 0x3F, 0xFF}, errc::too_large, "section_length");
  refused(bytes{0xFC, 0x30, 0x04, 0, 0, 0, 0}, errc::malformed, "section_length");
}

BOOST_AUTO_TEST_CASE(what_follows_a_section_is_not_its_own) {
  auto stuffed = insert_bytes();
  stuffed.insert(stuffed.end(), 100, 0xFF);
  BOOST_TEST((decode(stuffed).value() == decode(insert_bytes()).value()));
}

BOOST_AUTO_TEST_CASE(text_is_taken_in_every_common_spelling) {
  const auto expected = decode_text(insert_text).value();
  const auto digits = to_hex(insert_bytes());
  for (const auto& text :
       {" " + insert_text + "\r\n", insert_text.substr(0, insert_text.size() - 2), "0x" + digits,
        "0X" + digits, digits})
    BOOST_TEST((decode_text(text).value() == expected), text);
  for (const auto& text : {digits.substr(1), "0x" + digits.substr(1), insert_text + "!",
                           std::string{}, std::string(20'000, 'A')})
    BOOST_TEST(!decode_text(text), text);
}

// A command longer than its section, or shorter than it says.
BOOST_AUTO_TEST_CASE(a_command_that_is_not_whole_is_refused) {
  // time_signal whose time is cut off: 0xFE begins a time of five bytes, two are there.
  splice_info_section s;
  s.command = unknown_command{0x08, {0xFE, 0x00}};
  auto cut = encode(s).value();
  cut[13] = 0x06;
  refused(sealed(cut), errc::malformed, "splice command");
}

BOOST_AUTO_TEST_CASE(a_wrong_command_length_is_seen_through_and_kept) {
  for (const int wrong : {0, 5, 19, 30, 0xFFF}) {
    auto message = insert_bytes();
    message[11] = static_cast<std::uint8_t>((message[11] & 0xF0) | wrong >> 8);
    message[12] = static_cast<std::uint8_t>(wrong);
    message = sealed(message);
    BOOST_TEST_CONTEXT(wrong) {
      const auto read = decode(message);
      BOOST_REQUIRE_MESSAGE(read, (read ? "" : read.error().message()));
      BOOST_TEST((read->command == decode(insert_bytes())->command));
      BOOST_TEST((encode(*read).value() == message));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_descriptor_that_is_not_whole_leaves_the_others_readable) {
  splice_info_section s;
  s.command = time_signal{{90'000}};
  splice_descriptor broken, good;
  broken.splice_descriptor_tag = 2;  // a segmentation_descriptor of three bytes
  broken.content = unknown_descriptor{{1, 2, 3}};
  good.content = avail_descriptor{7};
  s.descriptors = {broken, good};
  BOOST_TEST((decode(encode(s).value()).value() == s));
}

BOOST_AUTO_TEST_CASE(descriptors_that_overrun_their_loop_are_refused) {
  splice_info_section s;
  splice_descriptor d;
  d.content = avail_descriptor{7};
  s.descriptors = {d};
  auto message = encode(s).value();
  message[17] = 9;  // descriptor_length; 8 bytes are there
  refused(sealed(message), errc::malformed, "splice_descriptor 1");
}

BOOST_AUTO_TEST_CASE(an_encrypted_message_keeps_what_cannot_be_read) {
  auto message = insert_bytes();
  message[4] |= 0x80;
  message = sealed(message);
  const auto read = decode(message).value();
  BOOST_TEST(read.encrypted_packet);
  BOOST_REQUIRE(read.encrypted.has_value());
  BOOST_TEST((encode(read).value() == message));
}

BOOST_AUTO_TEST_SUITE_END()
