// Messages of real encoders beside what an independent decoder reads from them. The project's own
// lie in tests/samples; more of them in ../shared/fixtures, where that is.
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "media/scte35/decode.hpp"
#include "media/scte35/encode.hpp"
#include "media/scte35/json.hpp"

using namespace interlude;
using namespace interlude::scte35;
namespace json = boost::json;

namespace {

// "Splice Insert" as the specification writes it.
std::string command_name(std::string name) {
  for (auto& c : name) c = c == ' ' ? '_' : static_cast<char>(std::tolower(c));
  return name;
}

bool same(const json::value& read, const json::value& expected) {
  if (!expected.is_double()) return read == expected;
  return std::abs(read.to_number<double>() - expected.as_double()) < 1e-6;
}

void compare(const json::object& read, const json::object& expected) {
  for (const auto& [name, value] : expected) {
    const auto* found = read.if_contains(name);
    BOOST_REQUIRE_MESSAGE(found, name << " is missing in " << json::serialize(read));
    BOOST_CHECK_MESSAGE(same(*found, value), name << " is " << json::serialize(*found) << ", not "
                                                  << json::serialize(value));
  }
}

void check(json::object expected) {
  const std::string message{expected.at("message").as_string()};
  const auto raw = bytes_of_text(message);
  BOOST_REQUIRE(raw);
  // The independent decoder does not look at the CRC.
  const auto section = decode_leniently(*raw);
  BOOST_REQUIRE_EQUAL(section && (!section->wrong_crc || expected.contains("command")),
                      expected.at("valid").as_bool());
  if (!expected.at("valid").as_bool()) {
    BOOST_TEST(!decode(*raw));
    return;
  }
  const auto read = to_json(*section);
  BOOST_TEST(read.at("splice_command").as_string() ==
             command_name(std::string{expected.at("command").as_string()}));
  std::vector<json::object> segmentation;
  for (const auto& d : read.at("splice_descriptors").as_array())
    if (d.at("name") == "segmentation_descriptor") segmentation.push_back(d.as_object());
  const auto described = expected.at("segmentation").as_array();
  BOOST_REQUIRE_EQUAL(segmentation.size(), described.size());
  for (std::size_t i = 0; i < described.size(); ++i)
    compare(segmentation[i], described[i].as_object());
  for (const auto* name : {"message", "valid", "command", "segmentation"}) expected.erase(name);
  compare(read, expected);
  // Written again, it is the same message.
  BOOST_TEST((encode(*section).value() == *raw));
}

std::size_t check_all(const std::string& file) {
  std::ifstream in{file};
  BOOST_REQUIRE_MESSAGE(in, file << " cannot be read");
  std::size_t count = 0;
  for (std::string line; std::getline(in, line); ++count) BOOST_TEST_CONTEXT(line) {
      check(json::parse(line).as_object());
    }
  return count;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scte35_fixtures)

BOOST_AUTO_TEST_CASE(samples_read_as_they_say) {
  BOOST_TEST(check_all(INTERLUDE_SOURCE_DIR "/tests/samples/scte35/messages.jsonl") >= 20u);
}

BOOST_AUTO_TEST_CASE(public_messages_read_as_an_independent_decoder_reads_them) {
  const std::string file = INTERLUDE_SOURCE_DIR "/../shared/fixtures/scte35/messages.jsonl";
  if (!std::filesystem::exists(file)) {
    BOOST_TEST_MESSAGE("SKIPPED: " << file << " is not there");
    return;
  }
  BOOST_TEST(check_all(file) > 0u);
}

BOOST_AUTO_TEST_SUITE_END()
