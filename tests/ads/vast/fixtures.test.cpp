// IAB's own samples: that they are read, and as what they say. They lie in ../shared/fixtures where
// that is there; tests/samples covers the same ground.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <map>

#include "ads/vast/parse.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace interlude;
using namespace interlude::vast;
using namespace std::chrono_literals;

namespace {

const std::string folder = INTERLUDE_SOURCE_DIR "/../shared/fixtures/vast/";

struct expected {
  std::string version, ad;
  bool wraps = false;
  duration runs{0};
  std::size_t media_files = 0, mezzanines = 0, universal_ad_ids = 0, events = 0;
  bool conditional = false;
};

const std::map<std::string, expected> samples = {
    {"VAST-1-2.0-Inline_LinearRegular_VAST2.0.xml", {"2.0", "preroll-1", false, 30s, 1, 0, 0, 0}},
    {"VAST-1-2.0-vast_wrapper_linear_1.xml", {"2.0", "602833", true, 0s, 0, 0, 0, 11}},
    {"VAST-3.0-Inline_Linear_Tag-test.xml", {"3.0", "20001", false, 16s, 1, 0, 0, 6}},
    {"VAST-3.0-Wrapper_Tag-test.xml", {"3.0", "20011", true}},
    {"VAST-4.0-Inline_Simple.xml", {"4.0", "20001", false, 16s, 3, 0, 1, 6}},
    {"VAST-4.0-SSAI_stitching_mezzanine_file_support-test.xml",
     {"4.0", "20001", false, 16s, 3, 1, 1, 6}},
    {"VAST-4.1-Conditional_Ad-test.xml", {"4.1", "20002", false, 16s, 3, 0, 1, 6, true}},
    {"VAST-4.1-Ready_to_serve_Media_Files_check-test.xml",
     {"4.1", "20007", false, 16s, 3, 0, 1, 6}},
    {"VAST-4.2-Event_Tracking-test.xml", {"4.2", "20001", false, 16s, 3, 0, 1, 6}},
    {"VAST-4.2-Inline_Linear_Tag-test.xml", {"4.2", "20001", false, 16s, 3, 0, 2, 6}},
    {"VAST-4.2-Universal_Ad_ID-multi-test.xml", {"4.2", "20011", false, 16s, 3, 0, 3, 6}},
    {"VAST-4.2-Wrapper_Tag-test.xml", {"4.2", "20011", true}},
};

void check(const vast_response& r, const expected& e) {
  BOOST_TEST(r.version == e.version);
  BOOST_TEST(r.malformed.empty());
  BOOST_REQUIRE(r.ads.size() == 1u);
  const auto& a = r.ads.front();
  const auto all = all_linear(a);
  BOOST_TEST(a.id == e.ad);
  BOOST_TEST(a.wraps.has_value() == e.wraps);
  BOOST_TEST(a.conditional == e.conditional);
  BOOST_TEST(a.impressions.size() == 1u);
  BOOST_TEST((all.runs.value_or(0s) == e.runs));
  BOOST_TEST(all.media_files.size() == e.media_files);
  BOOST_TEST(all.mezzanines.size() == e.mezzanines);
  BOOST_TEST(all.events.size() == e.events);
  const auto* played = linear_creative(a);
  BOOST_TEST((played ? played->universal_ad_ids.size() : 0) == e.universal_ad_ids);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(vast_fixtures)

BOOST_AUTO_TEST_CASE(samples_of_the_iab_are_read_as_they_say) {
  if (!std::filesystem::exists(folder)) {
    BOOST_TEST_MESSAGE("SKIPPED: " << folder << " is not there");
    return;
  }
  for (const auto& [name, e] : samples) BOOST_TEST_CONTEXT(name) {
      const auto r = parse_vast(test::read_all(folder + name));
      BOOST_REQUIRE_MESSAGE(r, (r ? "" : r.error().what));
      check(*r, e);
    }
}

BOOST_AUTO_TEST_CASE(none_of_them_is_left_out) {
  if (!std::filesystem::exists(folder)) return;
  for (const auto& file : std::filesystem::directory_iterator{folder})
    BOOST_TEST(samples.contains(file.path().filename().string()), file.path().filename().string());
}

BOOST_AUTO_TEST_SUITE_END()
