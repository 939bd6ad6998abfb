#include "media/hls/media_playlist.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <new>
#include <random>

#include "media/hls/cue_tags.hpp"
#include "media/hls/multivariant_playlist.hpp"

namespace {

// Counts what this program allocates while `counting` is on.
bool counting = false;
std::size_t allocations = 0;

}  // namespace

// Not inlined, or GCC sees a pointer of operator new go to free() and warns.
[[gnu::noinline]] void* operator new(std::size_t size) {
  if (counting) ++allocations;
  if (void* p = std::malloc(size)) return p;
  throw std::bad_alloc{};
}
[[gnu::noinline]] void operator delete(void* p) noexcept {
  std::free(p);
}
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept {
  std::free(p);
}

using namespace interlude;
using namespace interlude::hls;
using namespace std::chrono_literals;

namespace {

const std::string head = "#EXTM3U\n#EXT-X-TARGETDURATION:6\n";

media_playlist parsed(const std::string& text) {
  auto p = parse_media_playlist(text);
  BOOST_REQUIRE_MESSAGE(p, (p ? "" : p.error().message()));
  return *std::move(p);
}

void refused(const std::string& text, const std::string& where, const std::string& what) {
  const auto p = parse_media_playlist(text);
  BOOST_REQUIRE(!p);
  BOOST_TEST(p.error().where == where);
  BOOST_TEST(p.error().what.find(what) != std::string::npos, p.error().message());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(media_playlists)

BOOST_AUTO_TEST_CASE(every_line_comes_back_as_it_was) {
  const auto text =
      head +
      "#EXT-X-MEDIA-SEQUENCE:7\n## a comment\n#EXT-X-VENDOR:a=\"b,c\",d\n"
      "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES\n\n#EXTINF:6.006,title, with comma\nseg "
      "1.ts?x=1\n"
      "#EXT-X-PART:DURATION=1,URI=\"p.ts\"\n#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"q.ts\"\n";
  BOOST_TEST(write_playlist(parsed(text).lines) == text);
}

BOOST_AUTO_TEST_CASE(line_ends_byte_order_mark_and_a_missing_last_one_are_no_matter) {
  const auto p = parsed("\xEF\xBB\xBF#EXTM3U\r\n#EXT-X-TARGETDURATION:4\r\n#EXTINF:4,\r\na.ts");
  BOOST_TEST(p.segments.size() == 1u);
  BOOST_TEST(p.segments[0].uri == "a.ts");
  BOOST_TEST(write_playlist(p.lines) == "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\na.ts\n");
}

BOOST_AUTO_TEST_CASE(segments_carry_what_stands_before_them) {
  const auto p =
      parsed(head +
             "#EXT-X-MEDIA-SEQUENCE:41\n#EXT-X-DISCONTINUITY-SEQUENCE:3\n#EXTINF:6,\na.ts\n"
             "#EXT-X-DISCONTINUITY\n#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:06Z\n#EXT-X-GAP\n#"
             "EXTINF:5.5,\nb.ts\n#EXT-X-ENDLIST\n");
  BOOST_TEST(p.media_sequence == 41);
  BOOST_TEST(p.discontinuity_sequence == 3);
  BOOST_TEST(p.endlist);
  BOOST_TEST(p.segments[0].discontinuities == 0u);
  BOOST_TEST(p.segments[1].discontinuities == 1u);
  BOOST_TEST(p.segments[1].gap);
  BOOST_TEST((p.segments[1].length == 5500ms));
  BOOST_TEST((p.segments[1].program_date_time == parse_iso8601("2026-01-01T00:00:06Z")));
  BOOST_TEST(p.lines_of(p.segments[1]).size() == 5u);
}

BOOST_AUTO_TEST_CASE(keys_of_several_formats_apply_together_until_none) {
  const auto p = parsed(
      head +
      "#EXT-X-KEY:METHOD=SAMPLE-AES,URI=\"a\",KEYFORMAT=\"one\"\n#EXT-X-KEY:METHOD=SAMPLE-AES,URI="
      "\"b\",KEYFORMAT=\"two\"\n"
      "#EXTINF:6,\n1.ts\n#EXTINF:6,\n2.ts\n#EXT-X-KEY:METHOD=AES-128,URI=\"c\"\n#EXTINF:6,\n3.ts\n"
      "#EXT-X-KEY:METHOD=NONE\n#EXTINF:6,\n4.ts\n");
  const auto keys = [&](std::size_t i) {
    return p.segments[i].key_set < 0
               ? 0u
               : p.key_sets[static_cast<std::size_t>(p.segments[i].key_set)].size();
  };
  BOOST_TEST(keys(0) == 2u);
  BOOST_TEST(p.segments[1].key_set == p.segments[0].key_set);
  BOOST_TEST(keys(2) == 1u);
  BOOST_TEST(keys(3) == 0u);
}

BOOST_AUTO_TEST_CASE(byte_ranges_without_offset_go_on_where_the_last_one_ended) {
  const auto p =
      parsed(head + "#EXT-X-BYTERANGE:100@50\n#EXTINF:6,\na\n#EXT-X-BYTERANGE:20\n#EXTINF:6,\na\n");
  BOOST_TEST((*p.segments[1].range == byte_range{20, 150}));
}

BOOST_AUTO_TEST_CASE(errors_name_the_line_and_the_reason) {
  refused("<html><body>Login", "line 1", "HTML");
  refused("hello", "line 1", "#EXTM3U");
  refused("#EXTM3U\n#EXTINF:4,\na\n", "", "EXT-X-TARGETDURATION is missing");
  refused(head + "#EXTINF:four,\na\n", "line 3", "EXTINF has no number");
  refused(head + "#EXTINF:4,\n#EXTINF:4,\na\n", "line 4", "follows EXTINF");
  refused(head + "a.ts\n", "line 3", "without EXTINF");
  refused(head + "#EXT-X-BYTERANGE:5\n#EXTINF:4,\na\n", "line 5", "no offset");
  refused(head + "#EXT-X-MEDIA-SEQUENCE:99999999999999999999\n", "line 3", "not a number");
  refused(head + "#EXT-X-MAP:BYTERANGE=\"1@0\"\n", "line 3", "no URI");
  refused(head + "#EXT-X-PROGRAM-DATE-TIME:yesterday\n", "line 3", "not an ISO 8601 date");
  refused(head + std::string{"#EXT\0X\n", 7}, "line 3", "control character");
  refused("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nv.m3u8\n", "line 2", "multivariant");
}

BOOST_AUTO_TEST_CASE(size_and_number_of_lines_are_bounded) {
  const auto large = parse_media_playlist(head + std::string(3 * 1024 * 1024, 'x'));
  BOOST_REQUIRE(!large);
  BOOST_TEST((large.error().code == errc::too_large));
  std::string many = head;
  for (int i = 0; i < 20'001; ++i) many += "#x\n";
  const auto long_one = parse_media_playlist(many);
  BOOST_REQUIRE(!long_one);
  BOOST_TEST((long_one.error().code == errc::too_large));
}

BOOST_AUTO_TEST_CASE(variables_are_substituted_or_the_playlist_is_refused) {
  const std::vector<variable> imported{{"host", "cdn.test"}};
  const auto p = parse_media_playlist(
      head +
          "#EXT-X-DEFINE:IMPORT=\"host\"\n#EXT-X-DEFINE:NAME=\"t\",VALUE=\"7\"\n#EXT-X-DEFINE:"
          "QUERYPARAM=\"k\"\n#EXTINF:6,\nhttp://{$host}/{$t}?{$k}\n",
      {}, imported, "a=1&k=v%2Fw");
  BOOST_REQUIRE_MESSAGE(p, (p ? "" : p.error().message()));
  BOOST_TEST(p->segments[0].uri == "http://cdn.test/7?v/w");
  for (const auto* line : {"#EXT-X-DEFINE:IMPORT=\"nobody\"\n",
                           "#EXT-X-DEFINE:QUERYPARAM=\"nothing\"\n", "#EXT-X-DEFINE:NAME=\"x\"\n"})
    BOOST_TEST(!parse_media_playlist(head + line + "#EXTINF:6,\na\n"));
  BOOST_TEST(
      !parse_media_playlist(head + "#EXT-X-DEFINE:NAME=\"x\",VALUE=\"1\"\n#EXTINF:6,\n{$y}\n"));
}

BOOST_AUTO_TEST_CASE(no_memory_is_taken_per_line) {
  std::string text = head;
  for (int i = 0; i < 1000; ++i)
    text += "#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00Z\n#EXTINF:6,\nsegment" +
            std::to_string(i) + ".ts\n";
  allocations = 0;
  counting = true;
  const auto p = parse_media_playlist(std::move(text));
  counting = false;
  BOOST_REQUIRE(p);
  BOOST_TEST(p->segments.size() == 1000u);
  BOOST_TEST(allocations < 16u);
}

BOOST_AUTO_TEST_CASE(damaged_playlists_do_no_harm) {
  const std::string good = head +
                           "#EXT-X-KEY:METHOD=AES-128,URI=\"k\",IV=0x1\n#EXT-X-MAP:URI=\"i\"\n#EXT-"
                           "X-CUE-OUT:30\n#EXT-X-BYTERANGE:5@3\n#EXTINF:6,\na.ts\n"
                           "#EXT-X-DATERANGE:ID=\"x\",START-DATE=\"2026-01-01T00:00:00Z\",SCTE35-"
                           "OUT=0xFC\n#EXT-X-CUE-OUT-CONT:8/30\n#EXTINF:6,\nb.ts\n";
  std::mt19937 chance{20261124};
  for (int i = 0; i < 20'000; ++i) {
    auto text = good;
    for (auto n = chance() % 6 + 1; n > 0; --n) {
      const auto at = chance() % text.size();
      if (chance() % 3 == 0)
        text.erase(at, chance() % 8);
      else
        text[at] = static_cast<char>(chance() % 256);
      if (text.empty()) text = "#";
    }
    const auto p = parse_media_playlist(text);
    if (p) BOOST_TEST_REQUIRE(read_cue_tags(*p).cues.size() <= p->lines.size());
    static_cast<void>(parse_multivariant_playlist(text));
  }
}

BOOST_AUTO_TEST_CASE(bounds_hold_to_the_byte_and_to_the_line) {
  const auto code = [](const result<media_playlist>& p) {
    return p ? std::string{"read"} : std::string{to_string(p.error().code)};
  };
  const auto text = head + "#EXTINF:6,\na.ts\n";
  BOOST_TEST(code(parse_media_playlist(text, {text.size(), 4})) == "read");
  BOOST_TEST(code(parse_media_playlist(text, {text.size() - 1, 4})) == "too large");
  BOOST_TEST(code(parse_media_playlist(text, {text.size(), 3})) == "too large");
  const auto unfinished = head + "#EXTINF:6,\na.ts";
  BOOST_TEST(code(parse_media_playlist(unfinished, {text.size(), 4})) == "read");
  BOOST_TEST(code(parse_media_playlist(unfinished, {text.size(), 3})) == "too large");
}

BOOST_AUTO_TEST_CASE(a_line_that_multiplies_a_variable_is_cut_short) {
  // 50,000 references to 1 MB are 50 GB.
  auto text = head + "#EXT-X-DEFINE:NAME=\"x\",VALUE=\"" + std::string(1'000'000, 'v') + "\"\n#";
  for (int i = 0; i < 50'000; ++i) text += "{$x}";
  const auto p = parse_media_playlist(text + "\n");
  BOOST_REQUIRE(!p);
  BOOST_TEST((p.error().code == errc::too_large));
}

BOOST_AUTO_TEST_CASE(keys_of_endless_formats_are_refused) {
  auto text = head;
  for (int i = 0; i < 33; ++i)
    text += "#EXT-X-KEY:METHOD=SAMPLE-AES,URI=\"k\",KEYFORMAT=\"f" + std::to_string(i) + "\"\n";
  refused(text + "#EXTINF:6,\na\n", "line 35", "more than 32 EXT-X-KEY");
}

BOOST_AUTO_TEST_CASE(a_key_of_the_same_format_replaces_the_one_before) {
  const auto p = parsed(head +
                        "#EXT-X-KEY:METHOD=AES-128,URI=\"a\"\n"
                        "#EXT-X-KEY:METHOD=SAMPLE-AES,URI=\"b\",KEYFORMAT=\"x\"\n"
                        "#EXT-X-KEY:METHOD=AES-128,URI=\"c\",KEYFORMAT=\"identity\"\n"
                        "#EXTINF:6,\n1.ts\n");
  BOOST_REQUIRE(p.segments[0].key_set == 0);
  BOOST_REQUIRE(p.key_sets.at(0).size() == 2u);
  BOOST_TEST(p.lines[p.key_sets[0][0]].number == 4u);
  BOOST_TEST(p.lines[p.key_sets[0][1]].number == 5u);
}

BOOST_AUTO_TEST_CASE(a_map_stays_in_force_until_the_next) {
  const auto p = parsed(head +
                        "#EXTINF:6,\n0.ts\n#EXT-X-MAP:URI=\"a\"\n#EXTINF:6,\n1.mp4\n"
                        "#EXT-X-DISCONTINUITY\n#EXTINF:6,\n2.mp4\n#EXT-X-MAP:URI=\"b\"\n"
                        "#EXTINF:6,\n3.mp4\n");
  BOOST_TEST(p.segments[0].map == -1);
  BOOST_TEST(p.segments[1].map == 0);
  BOOST_TEST(p.segments[2].map == 0);
  BOOST_TEST(p.segments[3].map == 1);
  BOOST_TEST(p.lines[p.maps.at(1)].value == "URI=\"b\"");
}

BOOST_AUTO_TEST_CASE(header_tags_are_read) {
  const auto p = parsed(
      "#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-TARGETDURATION:4.5\n#EXT-X-INDEPENDENT-SEGMENTS\n"
      "#EXT-X-I-FRAMES-ONLY\n#EXT-X-PLAYLIST-TYPE:EVENT\n");
  BOOST_TEST(p.version == 9);
  BOOST_TEST((p.target_duration == 4500ms));
  BOOST_TEST(p.independent_segments);
  BOOST_TEST(p.i_frames_only);
  BOOST_TEST(p.playlist_type == "EVENT");
  BOOST_TEST(!p.endlist);
  BOOST_TEST(p.segments.empty());
}

BOOST_AUTO_TEST_CASE(byte_ranges_that_cannot_be_are_refused) {
  for (const auto* value :
       {"", "x", "5@", "@5", "5@x", "-1@0", "99999999999999999999", "5@9999999999999999999"}) {
    BOOST_TEST_CONTEXT(value) {
      refused(head + "#EXT-X-BYTERANGE:" + value + "\n#EXTINF:4,\na\n", "line 3",
              "EXT-X-BYTERANGE is not");
    }
  }
  refused(head + "#EXT-X-BYTERANGE:5@0\n#EXTINF:4,\na\n#EXT-X-BYTERANGE:5\n#EXTINF:4,\nb\n",
          "line 8", "no range of the same URI");
  refused(head +
              "#EXT-X-BYTERANGE:4611686018427387904@4611686018427387904\n#EXTINF:4,\na\n"
              "#EXT-X-BYTERANGE:5\n#EXTINF:4,\na\n",
          "line 8", "beyond all bounds");
}

BOOST_AUTO_TEST_CASE(numbers_that_cannot_be_are_refused) {
  for (const auto* value : {"", "0", "-4", "four"})
    refused(std::string{"#EXTM3U\n#EXT-X-TARGETDURATION:"} + value + "\n", "line 2",
            "EXT-X-TARGETDURATION is not");
  for (const auto* value : {"", "-1", "1.5", "9223372036854775807"})
    refused(head + "#EXT-X-DISCONTINUITY-SEQUENCE:" + value + "\n", "line 3",
            "EXT-X-DISCONTINUITY-SEQUENCE is not a number");
  refused(head + "#EXT-X-KEY:URI=\"k\"\n", "line 3", "no METHOD");
  refused("#EXTM3U8\n", "line 1", "#EXTM3U");
  refused("\n#EXTM3U\n", "line 1", "#EXTM3U");
  refused("", "line 1", "#EXTM3U");
  refused("  <?xml version=\"1.0\"?>", "line 1", "XML");
}

BOOST_AUTO_TEST_CASE(a_query_cannot_smuggle_in_a_line) {
  const auto define = head + "#EXT-X-DEFINE:QUERYPARAM=\"k\"\n#EXTINF:6,\n{$k}\n";
  for (const auto* query : {"k=a%0Ab", "k=%22", "k=%", "k=%2", "k=%zz", "kk=1", "k", ""}) {
    BOOST_TEST_CONTEXT(query) {
      const auto p = parse_media_playlist(define, {}, {}, query);
      BOOST_REQUIRE(!p);
      BOOST_TEST(p.error().where == "line 3");
    }
  }
  BOOST_TEST(parse_media_playlist(define, {}, {}, "a=b&k=1%2f2&k=3")->segments[0].uri == "1/2");
}

BOOST_AUTO_TEST_CASE(a_variable_is_unknown_before_the_line_that_defines_it) {
  refused(head + "#EXTINF:6,\n{$x}\n#EXT-X-DEFINE:NAME=\"x\",VALUE=\"1\"\n", "line 4",
          "a variable is used");
  refused(head + "#EXT-X-DEFINE:SOMETHING=\"x\"\n", "line 3", "none of NAME, IMPORT");
}

BOOST_AUTO_TEST_CASE(a_playlist_outlives_being_moved) {
  auto first = parsed(head + "#EXTINF:6,\na.ts\n");
  const auto second = std::move(first);
  BOOST_TEST(second.segments[0].uri == "a.ts");
  // As pointers: Boost.Test compares char* as text.
  const void* uri = second.segments[0].uri.data();
  BOOST_TEST((uri >= second.text->data() && uri < second.text->data() + second.text->size()));
}

BOOST_AUTO_TEST_SUITE_END()
