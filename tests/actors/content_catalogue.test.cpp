// What players may have of the content that the node serves itself, and for how long.
#include "actors/content_catalogue.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/support/simulated_channel.hpp"

using namespace interlude;
using namespace interlude::test;

namespace {

struct catalogued {
  catalogued()
      : description(**stitch::describe_channel("#EXTM3U\n#EXT-X-TARGETDURATION:4\n",
                                               "http://origin.test/live/v0.m3u8")) {
    auto r = video(400, 4s);
    r.window = 6;
    channel.emplace(std::vector{r});
  }
  void play(double from, double to) {
    for (; from <= to; from += 2) {
      channel->round(at(from));
      catalogue.observe(description, *channel->timeline.take_snapshot());
    }
  }
  // The name of the segment that the rendition's window begins with.
  std::string oldest_name() {
    std::string lines;
    stitch::append_named_lines(lines, *channel->timeline.window(0)->segments.front(), "");
    return lines.substr(lines.find('\n') + 1, lines.rfind('\n') - lines.find('\n') - 1);
  }

  stitch::channel_description description;
  std::optional<simulated_channel> channel;
  content_catalogue catalogue;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(catalogue_of_content)

BOOST_AUTO_TEST_CASE(what_a_playlist_names_is_found) {
  catalogued c;
  BOOST_TEST(!c.catalogue.knows("v0"));
  c.play(20, 40);
  BOOST_TEST(c.catalogue.knows("v0"));
  const auto found = c.catalogue.find("v0", c.oldest_name());
  BOOST_REQUIRE(found);
  BOOST_TEST(found->url.starts_with("http://origin.test/live/v0/"));
  for (const auto* wrong : {"", "9999-000000000000.ts", "-1-0.ts", "init-000000000000.mp4",
                            "key-000000000000.key", "99999999999999999999999-0.ts"})
    BOOST_TEST(!c.catalogue.find("v0", wrong).has_value(), wrong);
  BOOST_TEST(!c.catalogue.find("v1", c.oldest_name()).has_value());
}

BOOST_AUTO_TEST_CASE(a_segment_stays_for_as_long_again_as_it_was_listed) {
  catalogued c;
  c.play(20, 80);
  const auto name = c.oldest_name();
  const auto span = to_seconds(c.channel->timeline.window(0)->edge() -
                               c.channel->timeline.window(0)->segments.front()->start);
  c.play(82, 80 + span);
  BOOST_TEST(name != c.oldest_name());
  BOOST_TEST(c.catalogue.find("v0", name).has_value());
  c.play(82 + span, 90 + 2 * span);
  BOOST_TEST(!c.catalogue.find("v0", name).has_value());
}

BOOST_AUTO_TEST_CASE(another_process_knows_the_same_names) {
  catalogued one, other;
  one.play(20, 80);
  other.play(78, 80);
  // As long as the origin lists the segment.
  BOOST_TEST(one.catalogue.find("v0", other.oldest_name()).has_value());
  BOOST_TEST(other.catalogue.find("v0", other.oldest_name())->url ==
             one.catalogue.find("v0", other.oldest_name())->url);
}

BOOST_AUTO_TEST_SUITE_END()
