#include "ads/vast/write.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "ads/vast/json.hpp"
#include "ads/vast/parse.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace interlude;
using namespace interlude::vast;
using namespace std::chrono_literals;

namespace {

ad read_again(const ad& a) {
  const auto text = write_vast(a);
  const auto r = parse_vast(text);
  BOOST_REQUIRE_MESSAGE(r, text);
  BOOST_REQUIRE_MESSAGE(r->ads.size() == 1u, text);
  return r->ads.front();
}

// What is not kept of an ad.
ad without_media(ad a) {
  for (auto& c : a.creatives) {
    c.non_linears = 0;
    if (!c.linear) continue;
    c.linear->media_files.clear();
    c.linear->mezzanines.clear();
    c.linear->interactive.clear();
    c.linear->captions.clear();
  }
  std::erase_if(a.extensions, [](const extension& e) {
    return e.xml.find("AdVerifications") != std::string::npos;
  });
  return a;
}

std::string text_of(const ad& a) {
  return boost::json::serialize(to_json(a));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(vast_writing)

BOOST_AUTO_TEST_CASE(every_sample_reads_as_it_was) {
  std::size_t count = 0;
  for (const std::string folder : {INTERLUDE_SOURCE_DIR "/tests/samples/vast",
                                   INTERLUDE_SOURCE_DIR "/../shared/fixtures/vast"}) {
    if (!std::filesystem::exists(folder)) {
      BOOST_TEST_MESSAGE("SKIPPED: " << folder << " is not there");
      continue;
    }
    for (const auto& file : std::filesystem::directory_iterator{folder}) {
      const auto r = parse_vast(test::read_all(file.path().string()));
      if (!r) continue;
      for (const auto& a : r->ads) {
        if (a.wraps) continue;
        ++count;
        BOOST_TEST(text_of(read_again(a)) == text_of(without_media(a)), file.path());
      }
    }
  }
  BOOST_TEST(count > 0u);
}

BOOST_AUTO_TEST_CASE(what_samples_lack_reads_as_it_was_too) {
  ad a;
  a.id = "<1> & \"2\"";
  a.system = {"system", "7"};
  a.impressions = {"http://i.test/?a=1&b=[CACHEBUSTING]"};
  a.viewable_impressions = {{"v", {"http://v.test/"}, {"http://n.test/"}, {}}};
  verification v;
  v.vendor = "omid";
  v.parameters = "{\"a\": \"<b>\"}";
  v.scripts = {{"http://s.test/omid.js", "omid", "", true}};
  v.events = {{"verificationNotExecuted", "http://s.test/not", {}}};
  a.verifications = {v};
  a.extensions = {{"x", "<Extension type=\"x\"><Y>1</Y></Extension>"}};
  auto& c = a.creatives.emplace_back();
  c.id = "c";
  c.sequence = 2;
  auto& l = c.linear.emplace();
  l.runs = 15s + 40ms;
  l.skip_offset = ad_position{5s, {}};
  l.events = {{"progress", "http://p.test/", ad_position{0s, 0.25}}};
  l.custom_clicks = {{"http://c.test/", "x"}};
  l.icons.emplace_back().program = "AdChoices";
  l.icons[0].resources = {{resource::kind::fixed, "http://r.test/i.png", "image/png"}};
  l.icons[0].click_through = "http://r.test/";
  l.icons[0].lasts = 3s;
  auto& banner = c.companions.emplace_back();
  banner.width = 300;
  banner.resources = {{resource::kind::html, "<b>hi</b>", ""}};
  banner.events = {{"creativeView", "http://b.test/", {}}};
  const auto read = read_again(a);
  BOOST_TEST(text_of(read) == text_of(a));
  const auto& rl = *read.creatives.front().linear;
  BOOST_TEST((rl.runs == l.runs));
  BOOST_TEST((rl.events.front().offset == l.events.front().offset));
  BOOST_TEST(rl.icons.front().resources.front().content == "http://r.test/i.png");
  BOOST_TEST(read.creatives.front().companions.front().resources.front().content == "<b>hi</b>");
  BOOST_TEST(read.verifications.front().parameters == v.parameters);
  BOOST_TEST(read.verifications.front().scripts.front().browser_optional.value());
  BOOST_REQUIRE(read.extensions.size() == 1u);
  BOOST_TEST(read.extensions.front().xml == a.extensions.front().xml);
}

BOOST_AUTO_TEST_SUITE_END()
