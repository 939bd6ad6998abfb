#include "media/hls/cue_tags.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>

using namespace interlude;
using namespace interlude::hls;
using namespace std::chrono_literals;

namespace {

cue_tags cues_of(const std::string& lines) {
  const auto p = parse_media_playlist("#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\na.ts\n" +
                                      lines + "\n#EXTINF:6,\nb.ts\n");
  BOOST_REQUIRE_MESSAGE(p, (p ? "" : p.error().message()));
  return read_cue_tags(*p);
}

cue_tag one(const std::string& line) {
  const auto found = cues_of(line);
  BOOST_REQUIRE_MESSAGE(found.cues.size() == 1u, line);
  BOOST_TEST(found.cues[0].segment_index == 1u);
  return found.cues[0];
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cue_spellings)

BOOST_AUTO_TEST_CASE(a_cue_out_tells_its_duration_in_every_way) {
  for (const auto* line : {"#EXT-X-CUE-OUT:30", "#EXT-X-CUE-OUT:30.000",
                           "#EXT-X-CUE-OUT:DURATION=30", "#EXT-X-CUE-OUT:DURATION=\"30\"",
                           "#EXT-X-CUE:TYPE=\"SpliceOut\",ID=\"1\",TIME=1.0,DURATION=30",
                           "#EXT-X-SCTE35:CUE=\"/DA=\",DURATION=30,CUE-OUT=YES"}) {
    BOOST_TEST_CONTEXT(line) {
      const auto c = one(line);
      BOOST_TEST((c.kind == cue_kind::out));
      BOOST_TEST((c.planned == duration{30s}));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_cue_out_may_tell_none) {
  for (const auto* line : {"#EXT-X-CUE-OUT", "#EXT-X-CUE-OUT:"}) BOOST_TEST(!one(line).planned);
  const auto odd = cues_of("#EXT-X-CUE-OUT:soon");
  BOOST_TEST((odd.cues.at(0).kind == cue_kind::out));
  BOOST_TEST(odd.unreadable == 1u);
}

BOOST_AUTO_TEST_CASE(continuations_tell_how_far_the_break_is) {
  for (const auto* line : {"#EXT-X-CUE-OUT-CONT:ElapsedTime=8,Duration=30,SCTE35=/DA=",
                           "#EXT-X-CUE-OUT-CONT:8/30", "#EXT-X-CUE-OUT-CONT:8.0/30.0"}) {
    BOOST_TEST_CONTEXT(line) {
      const auto c = one(line);
      BOOST_TEST((c.kind == cue_kind::continuation));
      BOOST_TEST((c.elapsed == duration{8s}));
      BOOST_TEST((c.planned == duration{30s}));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_cue_in_ends_the_break) {
  for (const auto* line : {"#EXT-X-CUE-IN", "#EXT-X-CUE:TYPE=\"SpliceIn\",ID=\"1\"",
                           "#EXT-X-SCTE35:CUE=\"/DA=\",CUE-IN=YES"})
    BOOST_TEST((one(line).kind == cue_kind::in));
}

BOOST_AUTO_TEST_CASE(payloads_are_carried_along_undecoded) {
  for (const auto* line : {"#EXT-OATCLS-SCTE35:/DAn", "#EXT-X-SPLICEPOINT-SCTE35:/DAn",
                           "#EXT-X-SCTE35:CUE=\"/DAn\""}) {
    const auto c = one(line);
    BOOST_TEST((c.kind == cue_kind::payload));
    BOOST_TEST(c.scte35 == "/DAn");
  }
  BOOST_TEST((one("#EXT-X-ASSET:CAID=0x1").kind == cue_kind::asset));
}

BOOST_AUTO_TEST_CASE(date_ranges_say_when) {
  const std::string id = "#EXT-X-DATERANGE:ID=\"7\",START-DATE=\"2026-01-01T00:00:10Z\"";
  const auto start = *parse_iso8601("2026-01-01T00:00:10Z");
  const auto planned = one(id + ",PLANNED-DURATION=30,SCTE35-OUT=0xFC");
  BOOST_TEST(planned.id == "7");
  BOOST_TEST((planned.at == start));
  BOOST_TEST((planned.planned == duration{30s}));
  BOOST_TEST(!planned.ends_by_itself);
  BOOST_TEST(one(id + ",DURATION=30,SCTE35-OUT=0xFC").ends_by_itself);
  const auto in = one(id + ",END-DATE=\"2026-01-01T00:00:40Z\",SCTE35-IN=0xFC");
  BOOST_TEST((in.kind == cue_kind::in));
  BOOST_TEST((in.at == start + 30s));
  const auto both = cues_of(id + ",DURATION=30,SCTE35-OUT=0xFC,SCTE35-IN=0xFC").cues;
  BOOST_REQUIRE(both.size() == 2u);
  BOOST_TEST((both[1].at == start + 30s));
  BOOST_TEST((one(id + ",SCTE35-CMD=0xFC").kind == cue_kind::payload));
  BOOST_TEST(cues_of("#EXT-X-DATERANGE:ID=\"7\",SCTE35-OUT=0xFC").unreadable == 1u);
}

BOOST_AUTO_TEST_CASE(an_encoders_playlist_gives_two_breaks) {
  std::ifstream in{std::string{INTERLUDE_SOURCE_DIR} +
                   "/../shared/fixtures/hls/oatcls-cue-out-cont.m3u8"};
  if (!in) {
    BOOST_TEST_MESSAGE("skipped: the shared fixtures are not here");
    return;
  }
  const auto p = parse_media_playlist(std::string{std::istreambuf_iterator<char>{in}, {}});
  BOOST_REQUIRE(p);
  const auto found = read_cue_tags(*p).cues;
  const auto count = [&](cue_kind k) {
    return std::count_if(found.begin(), found.end(), [&](const cue_tag& c) { return c.kind == k; });
  };
  BOOST_TEST(count(cue_kind::out) == 2);
  BOOST_TEST(count(cue_kind::in) == 2);
  BOOST_TEST(count(cue_kind::continuation) == 5);
  BOOST_TEST(count(cue_kind::payload) == 4);
}

BOOST_AUTO_TEST_CASE(a_continuation_may_tell_less) {
  const auto bare = one("#EXT-X-CUE-OUT-CONT");
  BOOST_TEST(!bare.elapsed);
  BOOST_TEST(!bare.planned);
  const auto odd = cues_of("#EXT-X-CUE-OUT-CONT:x/30");
  BOOST_TEST(odd.unreadable == 1u);
  BOOST_TEST((odd.cues.at(0).planned == duration{30s}));
  const auto scte = one("#EXT-X-SCTE35:CUE=\"/DA=\",CUE-OUT=CONT,ELAPSED=8,DURATION=30");
  BOOST_TEST((scte.kind == cue_kind::continuation));
  BOOST_TEST((scte.elapsed == duration{8s}));
  BOOST_TEST((one("#EXT-X-CUE-SPAN:TIMEFROMSIGNAL=PT8S").kind == cue_kind::continuation));
}

BOOST_AUTO_TEST_CASE(identifiers_and_payloads_are_kept) {
  BOOST_TEST(one("#EXT-X-CUE:TYPE=\"SpliceOut\",ID=\"e7\",DURATION=30").id == "e7");
  BOOST_TEST(one("#EXT-X-SCTE35:CUE=\"/DA=\",ID=\"s1\",CUE-IN=YES").id == "s1");
  BOOST_TEST(one("#EXT-X-CUE-OUT:30,ID=7").id == "7");
  BOOST_TEST(one("#EXT-X-CUE-OUT-CONT:ElapsedTime=8,Duration=30,SCTE35=/DA=").scte35 == "/DA=");
  BOOST_TEST(one("#EXT-X-CUE-IN").line == 5u);
}

BOOST_AUTO_TEST_CASE(a_cue_behind_the_last_segment_stands_before_the_next) {
  const auto p = parse_media_playlist(
      "#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\na.ts\n#EXT-X-CUE-OUT:30\n");
  const auto found = read_cue_tags(*p).cues;
  BOOST_REQUIRE(found.size() == 1u);
  BOOST_TEST(found[0].segment_index == 1u);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_counted_and_nothing_more) {
  for (const auto* line : {"#EXT-X-CUE:TYPE=\"Splice\"", "#EXT-X-CUE", "#EXT-OATCLS-SCTE35",
                           "#EXT-X-SPLICEPOINT-SCTE35:",
                           "#EXT-X-DATERANGE:ID=\"7\",START-DATE=\"soon\",SCTE35-OUT=0xFC"}) {
    BOOST_TEST_CONTEXT(line) {
      const auto found = cues_of(line);
      BOOST_TEST(found.cues.empty());
      BOOST_TEST(found.unreadable == 1u);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_date_range_without_a_splice_is_no_cue) {
  const auto found = cues_of(
      "#EXT-X-DATERANGE:ID=\"i\",CLASS=\"com.apple.hls.interstitial\",START-DATE=\"2026-01-01T"
      "00:00:10Z\",DURATION=30,X-ASSET-URI=\"a.m3u8\"");
  BOOST_TEST(found.cues.empty());
  BOOST_TEST(found.unreadable == 0u);
}

BOOST_AUTO_TEST_CASE(a_date_range_that_ends_before_it_starts_ends_some_time) {
  const auto found = cues_of(
      "#EXT-X-DATERANGE:ID=\"7\",START-DATE=\"2026-01-01T00:00:10Z\",END-DATE=\"2026-01-01T00:00:"
      "00Z\",PLANNED-DURATION=30,SCTE35-OUT=0xFC");
  BOOST_REQUIRE(found.cues.size() == 1u);
  BOOST_TEST(found.unreadable == 1u);
  BOOST_TEST(!found.cues[0].ends_by_itself);
  BOOST_TEST((found.cues[0].planned == duration{30s}));
}

BOOST_AUTO_TEST_CASE(the_return_of_an_open_break_is_where_its_tag_stands) {
  const auto in =
      one("#EXT-X-DATERANGE:ID=\"7\",START-DATE=\"2026-01-01T00:00:40Z\",SCTE35-IN=0xFC");
  BOOST_TEST((in.at == parse_iso8601("2026-01-01T00:00:40Z")));
  const auto both =
      cues_of(
          "#EXT-X-DATERANGE:ID=\"7\",START-DATE=\"2026-01-01T00:00:10Z\",SCTE35-OUT=0xFC,"
          "SCTE35-IN=0xFC")
          .cues;
  BOOST_REQUIRE(both.size() == 2u);
  BOOST_TEST(!both[1].at);
}

BOOST_AUTO_TEST_SUITE_END()
