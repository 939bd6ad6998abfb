// What is read can be written, and what is written reads the same: nothing of a message is lost.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <random>

#include "media/core/hex.hpp"
#include "media/scte35/decode.hpp"
#include "media/scte35/encode.hpp"
#include "media/scte35/json.hpp"
#include "tests/support/random_splice_info.hpp"

using namespace interlude;
using namespace interlude::scte35;

namespace {

std::uint64_t seed() {
  const char* given = std::getenv("INTERLUDE_SEED");
  return given ? std::strtoull(given, nullptr, 10) : 35;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scte35_round_trips)

BOOST_AUTO_TEST_CASE(random_messages_come_back_as_they_were) {
  std::mt19937_64 random{seed()};
  for (int i = 0; i < 5000; ++i) {
    const auto section = test::random_splice_info(random);
    const auto raw = encode(section);
    BOOST_REQUIRE_MESSAGE(raw, (raw ? "" : raw.error().message()));
    BOOST_TEST_CONTEXT("seed " << seed() << ", message " << i << ": " << to_hex(*raw)) {
      const auto back = decode(*raw);
      BOOST_REQUIRE_MESSAGE(back, (back ? "" : back.error().message()));
      BOOST_REQUIRE((*back == section));
      BOOST_TEST((encode(*back).value() == *raw));
      BOOST_TEST((decode_text(encode_base64(section).value()).value() == section));
      BOOST_TEST((decode_text(encode_hex(section).value()).value() == section));
      static_cast<void>(to_json(section));
    }
  }
}

BOOST_AUTO_TEST_CASE(every_tick_has_its_own_microsecond) {
  std::mt19937_64 random{seed()};
  for (int i = 0; i < 100'000; ++i) {
    const auto ticks = random() % (std::uint64_t{1} << 40);
    BOOST_REQUIRE(to_ticks(from_ticks(ticks)) == ticks);
  }
}

BOOST_AUTO_TEST_CASE(adjusted_times_wrap_at_33_bits) {
  BOOST_TEST(adjusted_pts(pts_modulus - 1, 2) == 1u);
  BOOST_TEST(adjusted_pts(5, 0) == 5u);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_its_field_is_refused) {
  splice_info_section section;
  splice_descriptor long_one;
  long_one.splice_descriptor_tag = 0xF0;
  long_one.content = unknown_descriptor{bytes(252)};
  section.descriptors = {long_one};
  BOOST_TEST((encode(section).error().code == errc::too_large));

  long_one.content = unknown_descriptor{bytes(251)};
  section.descriptors.assign(16, long_one);
  BOOST_TEST((encode(section).error().code == errc::too_large));
  section.descriptors.assign(15, long_one);
  BOOST_TEST((decode(encode(section).value()).value() == section));

  splice_insert crowded;
  crowded.program_splice_flag = false;
  crowded.components.resize(256);
  section = {};
  section.command = crowded;
  BOOST_TEST((encode(section).error().code == errc::too_large));

  section = {};
  splice_descriptor tones;
  tones.content = dtmf_descriptor{0, "12345678", 0};
  section.descriptors = {tones};
  BOOST_TEST((encode(section).error().code == errc::too_large));
}

BOOST_AUTO_TEST_SUITE_END()
