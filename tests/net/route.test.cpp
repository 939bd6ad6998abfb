#include "net/route.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

#include "net/session_handler.hpp"

using namespace interlude;
using namespace interlude::net;

namespace {

bool leads_to(const std::string& path, endpoint what) {
  return parse_route(path).what == what;
}

const std::string in_session = "/v1/demo/one/s/AbC-1_2";
const std::string long_name(64, 'n');

}  // namespace

BOOST_AUTO_TEST_SUITE(routes)

BOOST_AUTO_TEST_CASE(the_routes_of_a_channel_name_it) {
  for (const auto& [path, what] : {std::pair{"/v1/demo/one/master.m3u8", endpoint::master},
                                   std::pair{"/v1/demo/one/session", endpoint::new_session},
                                   std::pair{"/v1/demo/one/ingest", endpoint::ingest},
                                   std::pair{"/v1/demo/one/breaks", endpoint::breaks},
                                   std::pair{"/v1/demo/one/breaks/b1", endpoint::break_stories},
                                   std::pair{"/v1/demo/one/cue", endpoint::cue}}) {
    BOOST_TEST_CONTEXT(path) {
      const auto r = parse_route(path);
      BOOST_TEST((r.what == what));
      BOOST_TEST(r.org == "demo");
      BOOST_TEST(r.channel == "one");
      BOOST_TEST(r.session.empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(the_analytics_are_an_organisations) {
  const auto r = parse_route("/v1/demo/analytics");
  BOOST_TEST((r.what == endpoint::analytics));
  BOOST_TEST(r.org == "demo");
  BOOST_TEST(r.channel.empty());
  BOOST_TEST(leads_to("/v1/creatives/analytics", endpoint::analytics));
  for (const auto* path : {"/v1/analytics", "/v1//analytics", "/v1/d.emo/analytics",
                           "/v1/demo/analytics/", "/v1/demo/one/analytics"})
    BOOST_TEST(leads_to(path, endpoint::unknown), path);
  BOOST_TEST(leads_to("/v1/demo/analytics/cue", endpoint::cue));  // a channel's name
}

BOOST_AUTO_TEST_CASE(the_routes_of_a_session_carry_its_token) {
  for (const auto& [path, what] :
       {std::pair{"/video720.m3u8", endpoint::media_playlist},
        std::pair{"/tracking.json", endpoint::tracking},
        std::pair{"/debug.json", endpoint::debug_story},
        std::pair{"/assets/b1.json", endpoint::asset_list},
        std::pair{"/asset/b1/0/master.m3u8", endpoint::asset_master},
        std::pair{"/asset/b1/0/video720.m3u8", endpoint::asset_playlist},
        std::pair{"/content/video720/12-abc.ts", endpoint::content},
        std::pair{"/ad/b1/0/c/f00d/video720/12.ts", endpoint::ad_segment}}) {
    BOOST_TEST_CONTEXT(path) {
      const auto whole = in_session + path;
      const auto r = parse_route(whole);
      BOOST_TEST((r.what == what));
      BOOST_TEST(r.org == "demo");
      BOOST_TEST(r.channel == "one");
      BOOST_TEST(r.session == "AbC-1_2");
    }
  }
}

BOOST_AUTO_TEST_CASE(every_part_of_an_ad_segment_is_named) {
  const auto path = in_session + "/ad/b1/2/c/f00d/audio/init.mp4";
  const auto r = parse_route(path);
  BOOST_TEST(r.break_id == "b1");
  BOOST_TEST(r.item == "2");
  BOOST_TEST(r.creative == "f00d");
  BOOST_TEST(r.track == "audio");
  BOOST_TEST(r.file == "init.mp4");
}

BOOST_AUTO_TEST_CASE(renditions_and_breaks_come_without_their_suffix) {
  const auto playlist = in_session + "/v.m3u8", list = in_session + "/assets/b1.json";
  BOOST_TEST(parse_route(playlist).rendition == "v");
  BOOST_TEST(parse_route(list).break_id == "b1");
  const auto path = in_session + "/asset/b1/3/v.m3u8";
  const auto r = parse_route(path);
  BOOST_TEST(r.break_id == "b1");
  BOOST_TEST(r.item == "3");
  BOOST_TEST(r.rendition == "v");
}

BOOST_AUTO_TEST_CASE(the_routes_of_the_node_have_no_channel) {
  BOOST_TEST(leads_to("/v1/channels", endpoint::channels));
  BOOST_TEST(leads_to("/v1/creatives", endpoint::creatives));
  BOOST_TEST(leads_to("/v1/creatives/0a1b", endpoint::creative));
  BOOST_TEST(leads_to("/v1/creatives/0a1b/retry", endpoint::creative_retry));
  BOOST_TEST(leads_to("/v1/creatives/one/master.m3u8", endpoint::master));
  BOOST_TEST(leads_to("/v1/beacons", endpoint::beacons));
  BOOST_TEST(leads_to("/v1/beacons/dead", endpoint::dead_beacons));
  BOOST_TEST(leads_to("/v1/beacons/dead/replay", endpoint::dead_replay));
  BOOST_TEST(leads_to("/v1/beacons/dead/drop", endpoint::dead_drop));
  const std::string one_beacon = "/v1/beacons/dead/" + std::string(32, 'a');
  BOOST_TEST(leads_to(one_beacon, endpoint::dead_beacon));
  BOOST_TEST(parse_route(one_beacon).beacon == std::string(32, 'a'));
  BOOST_TEST(leads_to("/v1/beacons/dead/master.m3u8", endpoint::master));
  BOOST_TEST(leads_to("/health/live", endpoint::live));
  BOOST_TEST(leads_to("/health/ready", endpoint::ready));
  BOOST_TEST(leads_to("/version", endpoint::version));
}

BOOST_AUTO_TEST_CASE(what_lies_outside_of_the_api_is_the_player_page) {
  for (const auto* path :
       {"/", "/index.html", "/player.js", "/a/b/c.css", "/v2/x", "/v1x", "/../etc/passwd", ""})
    BOOST_TEST(leads_to(path, endpoint::page), path);
}

BOOST_AUTO_TEST_CASE(what_lies_inside_of_it_never_is) {
  for (const auto* path : {"/v1",
                           "/v1/",
                           "/v1//",
                           "/v1/demo",
                           "/v1/demo/",
                           "/v1/demo/one",
                           "/v1/demo/one/",
                           "/v1/demo/one/s",
                           "/v1/demo/one/s/",
                           "/v1/demo/one/s/t",
                           "/v1/demo/one/s/t/",
                           "/v1/demo/one/breaks/",
                           "/v1/demo/one/breaks/b1/",
                           "/v1/demo/one/breaks/b.1",
                           "/v1/channels/",
                           "/v1/creatives/",
                           "/v1/creatives/x/",
                           "/v1/beacons/",
                           "/v1/beacons/live",
                           "/v1/beacons/dead/",
                           "/v1/beacons/dead/short",
                           "/v1/beacons/dead/replay/",
                           "/v1/creatives/x/retry/",
                           "/v1/creatives/x/remove",
                           "/v1/creatives/a.b",
                           "/v1/../version",
                           "/health",
                           "/health/",
                           "/health/other"})
    BOOST_TEST(leads_to(path, endpoint::unknown), path);
}

BOOST_AUTO_TEST_CASE(dots_slashes_and_escapes_lead_nowhere) {
  for (const auto* path :
       {"/v1/../one/master.m3u8", "/v1/demo/../master.m3u8", "/v1/demo//master.m3u8",
        "/v1//one/master.m3u8", "/v1/demo/one//master.m3u8", "//v1/demo/one/master.m3u8x/..",
        "/v1/./one/master.m3u8", "/v1/de%6do/one/master.m3u8", "/v1/%2e%2e/one/master.m3u8",
        "/v1/demo%2fone/x/master.m3u8", "/v1/demo/one/master.m3u8/", "/v1/demo/one/MASTER.m3u8",
        "/v1/demo/one/master.m3u8?x", "/v1/demo/o e/master.m3u8", "/v1/demo/one\\/cue"}) {
    const auto what = parse_route(path).what;
    BOOST_TEST((what == endpoint::unknown || !std::string_view{path}.starts_with("/v1/")), path);
    BOOST_TEST((what != endpoint::master && what != endpoint::cue), path);
  }
  for (const auto* rest : {"/..m3u8",
                           "/.m3u8",
                           "/a.b.m3u8",
                           "/%2e.m3u8",
                           "//v.m3u8",
                           "/v.m3u8/",
                           "/v.mpd",
                           "/v",
                           "/Tracking.json",
                           "/tracking.json/x",
                           "/assets/.json",
                           "/assets/b1",
                           "/assets/b1.xml",
                           "/assets/../b1.json",
                           "/assets//b1.json",
                           "/asset/b1/v.m3u8",
                           "/asset/b1//v.m3u8",
                           "/asset/../0/v.m3u8",
                           "/asset/b1/0/.m3u8",
                           "/asset/b1/0/v.m3u8/x",
                           "/asset/b1/0/..",
                           "/ad/b1/0/c/f00d/video/..",
                           "/ad/b1/0/c/f00d/video/.",
                           "/ad/b1/0/c/f00d/video/.ts",
                           "/ad/b1/0/c/f00d/video/1.",
                           "/ad/b1/0/c/f00d/video/1",
                           "/ad/b1/0/c/f00d/video/1.ts.ts",
                           "/ad/b1/0/c/f00d/video/1.ts/",
                           "/ad/b1/0/c/f00d/../1.ts",
                           "/ad/b1/0/c/../video/1.ts",
                           "/ad/b1/0/d/f00d/video/1.ts",
                           "/ad/b1/0/c/f00d//1.ts",
                           "/ad/b1/0/c/%2e%2e/video/1.ts",
                           "/ad//0/c/f00d/video/1.ts",
                           "/ad",
                           "/ad/",
                           "/other/b1.json"})
    BOOST_TEST(leads_to(in_session + rest, endpoint::unknown), rest);
}

BOOST_AUTO_TEST_CASE(names_have_their_length_and_their_letters) {
  BOOST_TEST(is_name("a"));
  BOOST_TEST(is_name("AZaz09_-"));
  BOOST_TEST(is_name(long_name));
  BOOST_TEST(!is_name(long_name + "n"));
  for (const std::string_view text :
       {"", ".", "..", "a.b", "a/b", "a b", "a%", "\xc3\xa4", "a\n", "a:b", "@", "[", "`", "{"})
    BOOST_TEST(!is_name(text), text);
  BOOST_TEST(!is_name(std::string_view{"a\0b", 3}));
}

BOOST_AUTO_TEST_CASE(names_that_are_too_long_lead_nowhere) {
  BOOST_TEST(leads_to("/v1/" + long_name + "/" + long_name + "/cue", endpoint::cue));
  BOOST_TEST(leads_to("/v1/" + long_name + "n/one/cue", endpoint::unknown));
  BOOST_TEST(leads_to("/v1/demo/" + long_name + "n/cue", endpoint::unknown));
  BOOST_TEST(leads_to(in_session + "/" + long_name + ".m3u8", endpoint::media_playlist));
  BOOST_TEST(leads_to(in_session + "/" + long_name + "n.m3u8", endpoint::unknown));
  BOOST_TEST(leads_to(in_session + "/assets/" + long_name + "n.json", endpoint::unknown));
  BOOST_TEST(leads_to(in_session + "/ad/b/0/c/f/v/" + long_name + "n.ts", endpoint::unknown));
}

BOOST_AUTO_TEST_CASE(an_organisation_may_be_called_channels) {
  const auto r = parse_route("/v1/channels/one/master.m3u8");
  BOOST_TEST((r.what == endpoint::master));
  BOOST_TEST(r.org == "channels");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(insertion_modes)

BOOST_AUTO_TEST_CASE(the_viewer_is_asked_first_and_then_the_channel) {
  using enum insertion;
  for (const auto configured : {automatic, stitched, guided}) {
    BOOST_TEST((choose_mode("ssai", configured, "") == insertion_mode::ssai));
    BOOST_TEST((choose_mode("sgai", configured, "") == insertion_mode::sgai));
  }
  for (const auto* asked : {"", "SGAI", "auto"}) {
    BOOST_TEST((choose_mode(asked, stitched, "") == insertion_mode::ssai));
    BOOST_TEST((choose_mode(asked, guided, "") == insertion_mode::sgai));
    BOOST_TEST((choose_mode(asked, automatic, "") == insertion_mode::ssai));
  }
}

BOOST_AUTO_TEST_CASE(players_known_to_do_it_guide_themselves) {
  const auto chosen = [](const char* agent) {
    return choose_mode("", insertion::automatic, agent);
  };
  for (const auto* agent :
       {"AppleCoreMedia/1.0.0.20E247 (iPhone; U; CPU OS 16_4 like Mac OS X; en_us)",
        "AppleCoreMedia/1.0.0.21A329 (iPad; U; CPU OS 17_0_1 like Mac OS X; en_us)",
        "AppleCoreMedia/1.0.0.22A100 (Apple TV; U; CPU OS 18 like Mac OS X; en_us)",
        "AppleCoreMedia/1.0.0.22E252 (Macintosh; U; Intel Mac OS X 13_3; en_us)",
        "AppleCoreMedia/1.0.0.23A1 (Macintosh; U; Intel Mac OS X 14.0; en_us)"})
    BOOST_TEST((chosen(agent) == insertion_mode::sgai), agent);
  for (const auto* agent :
       {"AppleCoreMedia/1.0.0.20D47 (iPhone; U; CPU OS 16_3 like Mac OS X; en_us)",
        "AppleCoreMedia/1.0.0.19A1 (iPhone; U; CPU OS 15_8 like Mac OS X; en_us)",
        "AppleCoreMedia/1.0.0.22D1 (Macintosh; U; Intel Mac OS X 13_2; en_us)",
        "AppleCoreMedia/1.0.0.19H1 (Macintosh; U; Intel Mac OS X 10_15_7; en_us)",
        "AppleCoreMedia/1.0.0", "AppleCoreMedia/1.0.0 (x; OS y)", "AppleCoreMedia/1 OS ",
        "AppleCoreMedia/1 OS X ", "AppleCoreMedia/1 (CPU OS 99999999999999999999_9)",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15",
        "VLC/3.0.20 LibVLC/3.0.20", ""})
    BOOST_TEST((chosen(agent) == insertion_mode::ssai), agent);
}

BOOST_AUTO_TEST_SUITE_END()
