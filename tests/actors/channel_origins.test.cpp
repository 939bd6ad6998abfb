// A channel whose origin fails over, moves, or lists other renditions than before.
#include <boost/test/unit_test.hpp>
#include <sstream>

#include "media/stitch/render.hpp"
#include "tests/support/station.hpp"

using namespace interlude;
using namespace interlude::test;

namespace {

constexpr auto spare = "http://spare.test/master.m3u8";

void with_spare(channel_settings& c) {
  c.backup_origins = {spare};
}

bool is_of(const fetch_request& r, std::string_view host) {
  return r.url.starts_with("http://" + std::string{host});
}

// A viewer of rendition `i` that asks every two seconds; false as soon as there is no answer.
bool plays(station& s, duration time, std::size_t i = 0) {
  for (; time > 0s; time -= 2s) {
    const auto asked = s.ask_playlist(i);
    s.pass(2s);
    if (!asked->has_value() || !**asked) return false;
  }
  return true;
}

std::string playlist_of(station& s, std::size_t i = 0) {
  const auto p = s.view->load();
  return stitch::render_media_playlist(*p->snapshot, *p->snapshot->audiences.at(stitched_audience),
                                       i, {});
}

std::string offered(station& s) {
  return stitch::render_multivariant(*s.view->load()->description, "");
}

// All that is listed ends as a segment's name does.
bool names_whole_segments(const std::string& playlist) {
  std::istringstream lines{playlist};
  for (std::string line; std::getline(lines, line);)
    if (!line.empty() && line[0] != '#' && !line.ends_with(".ts")) return false;
  return true;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(origins_of_a_channel)

BOOST_AUTO_TEST_CASE(a_media_playlist_in_place_of_the_multivariant_one_changes_nothing) {
  station s;
  s.start();
  BOOST_TEST(plays(s, 8s));
  const auto before = offered(s);
  s.origin->answer = [&](const fetch_request& r) { return page(r, s.video.playlist_at(s.now())); };
  BOOST_TEST(plays(s, 40s));
  BOOST_TEST(offered(s) == before);
  BOOST_TEST(s.view->load()->trouble.find("where the multivariant playlist was") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_playlist_that_breaks_off_names_no_segment_that_is_not_there) {
  station s;
  s.start();
  BOOST_TEST(plays(s, 8s));
  std::size_t cut = 2;  // "v0/11.t": the last letter and the end of the line
  const auto before = offered(s);
  s.origin->answer = [&](const fetch_request& r) {
    auto answer = *s.good(r);
    // In the second rendition's attributes: what stands before is a playlist in itself.
    const auto second = answer.body.find("BANDWIDTH=500000");
    answer.body.resize(second != std::string::npos ? second : answer.body.size() - cut);
    return answer;
  };
  for (; cut < 8; ++cut) {
    BOOST_TEST(plays(s, 8s));
    BOOST_TEST(names_whole_segments(playlist_of(s)), playlist_of(s));
    BOOST_TEST(offered(s) == before);
  }
}

BOOST_AUTO_TEST_CASE(a_spare_origin_may_leave_the_last_line_open) {
  station s{with_spare};
  s.start();
  BOOST_TEST(plays(s, 8s));
  s.origin->answer = [&](const fetch_request& r) -> result<fetch_response> {
    if (!is_of(r, "spare.test")) return status(r, 503);
    auto answer = *s.good(r);
    answer.body.pop_back();
    return answer;
  };
  BOOST_TEST(plays(s, 60s));
  BOOST_TEST((s.now() - s.view->load()->snapshot->windows[0]->edge() <= 6s));
}

BOOST_AUTO_TEST_CASE(an_origin_that_never_ends_its_last_line_is_read_to_the_end) {
  station s;
  s.origin->answer = [&](const fetch_request& r) {
    auto answer = *s.good(r);
    answer.body.pop_back();
    return answer;
  };
  s.start();
  BOOST_TEST(plays(s, 20s));
  const auto& window = *s.view->load()->snapshot->windows[0];
  BOOST_TEST((s.now() - window.edge() <= 6s));
  BOOST_TEST(names_whole_segments(playlist_of(s)), playlist_of(s));
}

BOOST_AUTO_TEST_CASE(a_spare_origin_takes_over_before_viewers_notice) {
  for (const auto* failure : {"refused", "503", "garbage", "frozen"}) {
    station s{with_spare};
    s.start();
    BOOST_TEST(plays(s, 8s));
    const auto stopped = s.now();
    s.origin->answer = [&](const fetch_request& r) -> result<fetch_response> {
      if (is_of(r, "spare.test")) return s.good(r);
      const std::string what = failure;
      if (what == "refused") return error{errc::unavailable, r.url, "connection refused"};
      if (what == "503") return status(r, 503);
      if (what == "garbage") return page(r, "<html>", "text/html");
      return page(r, r.url.ends_with("master.m3u8") ? multivariant : s.video.playlist_at(stopped));
    };
    BOOST_TEST_CONTEXT(failure) {
      BOOST_TEST(plays(s, 60s));
      BOOST_TEST(playlist_of(s).find("http://spare.test/v0/") != std::string::npos);
      BOOST_TEST(playlist_of(s).find("EXT-X-DISCONTINUITY\n") == std::string::npos);
      BOOST_TEST(s.view->load()->trouble == "");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_spare_origin_is_used_from_the_start_if_need_be) {
  station s{with_spare};
  s.origin->answer = [&](const fetch_request& r) -> result<fetch_response> {
    return is_of(r, "spare.test") ? s.good(r) : status(r, 404);
  };
  s.start();
  s.pass(1s);
  BOOST_TEST(plays(s, 10s));
  BOOST_TEST(playlist_of(s).find("http://spare.test/v0/") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_spare_that_lacks_what_is_watched_is_passed_over) {
  station s{[](channel_settings& c) {
    c.backup_origins = {"http://empty.test/master.m3u8", spare};
  }};
  s.start();
  BOOST_TEST(plays(s, 8s));
  s.origin->answer = [&](const fetch_request& r) -> result<fetch_response> {
    if (is_of(r, "spare.test")) return s.good(r);
    if (is_of(r, "empty.test"))
      return page(r,
                  "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=64000,CODECS=\"mp4a.40.2\"\nradio.m3u8\n");
    return status(r, 503);
  };
  BOOST_TEST(plays(s, 30s));
  BOOST_TEST(playlist_of(s).find("http://spare.test/v0/") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_playlist_that_has_moved_is_found_again) {
  station s;
  s.start();
  BOOST_TEST(plays(s, 8s));
  s.origin->answer = [&](const fetch_request& r) -> result<fetch_response> {
    if (r.url.ends_with("master.m3u8"))
      return page(r,
                  "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=500000\nnew/v1.m3u8\n"
                  "#EXT-X-STREAM-INF:BANDWIDTH=900000\nnew/v0.m3u8\n");
    if (r.url.find("/new/") == std::string::npos) return status(r, 404);
    return s.good(r);
  };
  BOOST_TEST(plays(s, 60s));
  BOOST_TEST(s.origin->requests["http://origin.test/new/v0.m3u8"] > 0);
}

BOOST_AUTO_TEST_CASE(an_origin_that_comes_back_while_another_is_asked_is_not_mixed_up_with_it) {
  station s{with_spare};
  s.start();
  BOOST_TEST(plays(s, 8s));
  bool away = true;
  s.origin->answer = [&](const fetch_request& r) -> result<fetch_response> {
    return is_of(r, "origin.test") && away ? status(r, 503) : s.good(r);
  };
  s.origin->held = spare;
  while (s.origin->requests[spare] == 0) BOOST_REQUIRE(plays(s, 2s));
  away = false;
  BOOST_TEST(plays(s, 4s));
  s.origin->answer_all();
  BOOST_TEST(plays(s, 30s));
  // The spare has answered, so it is used: for its multivariant playlist as well.
  const auto looked = s.origin->requests["http://origin.test/master.m3u8"];
  BOOST_TEST(plays(s, 60s));
  BOOST_TEST(playlist_of(s).find("http://spare.test/v0/") != std::string::npos);
  BOOST_TEST(s.origin->requests["http://origin.test/master.m3u8"] == looked);
}

BOOST_AUTO_TEST_CASE(an_answer_from_the_place_before_is_not_taken) {
  station s{with_spare};
  s.start();
  BOOST_TEST(plays(s, 8s));
  // What a request to the first origin comes to, long after, says nothing any more.
  s.origin->answer = [&](const fetch_request& r) -> result<fetch_response> {
    if (is_of(r, "spare.test")) return s.good(r);
    return error{errc::timed_out, r.url, "no answer"};
  };
  BOOST_TEST(plays(s, 12s));
  caf::anon_send(s.actor, origin_answered{0, 1,
                                          std::make_shared<const result<fetch_response>>(
                                              error{errc::timed_out, "old", "no answer"})});
  s.pass(50ms);
  BOOST_TEST(s.view->load()->trouble == "");
  BOOST_TEST(plays(s, 12s));
}

BOOST_AUTO_TEST_CASE(a_rendition_that_is_listed_no_more_is_not_offered_and_ends) {
  station s;
  s.start();
  BOOST_TEST(plays(s, 8s, 1));
  s.origin->answer = [&](const fetch_request& r) -> result<fetch_response> {
    if (r.url.ends_with("master.m3u8"))
      return page(r, "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=900000\nv0.m3u8\n");
    return r.url.ends_with("v1.m3u8") ? status(r, 404) : s.good(r);
  };
  BOOST_TEST(plays(s, 40s));
  BOOST_TEST(offered(s).find("v1.m3u8") == std::string::npos);
  BOOST_TEST(says(error_of(s.ask_playlist(1)), "v1"));
  // The others go on.
  BOOST_TEST(plays(s, 8s));
}

BOOST_AUTO_TEST_CASE(a_new_rendition_is_offered_once_its_media_is_known) {
  station s;
  s.video.tag(at(60), "#EXT-X-CUE-OUT:20");
  s.start();
  BOOST_TEST(plays(s, 8s));
  s.origin->answer = [&](const fetch_request& r) -> result<fetch_response> {
    if (r.url.ends_with("master.m3u8"))
      return page(r, std::string{multivariant} + "#EXT-X-STREAM-INF:BANDWIDTH=2000000\nv2.m3u8\n");
    return s.good(r);
  };
  s.log->silent = true;  // its probe takes long
  BOOST_TEST(plays(s, 30s));
  BOOST_TEST(offered(s).find("v2.m3u8") == std::string::npos);
  s.log->silent = false;
  s.log->answer_all();
  // Ads are made anew, with a track for it; those on the air have a stand-in.
  BOOST_TEST(plays(s, 4s, 2));
  BOOST_TEST(offered(s).find("v2.m3u8") != std::string::npos);
  BOOST_TEST(playlist_of(s, 2).find("/c/red.mp4/") != std::string::npos);
  BOOST_TEST(std::count(s.log->conditioned.begin(), s.log->conditioned.end(), "red.mp4") == 2);
}

BOOST_AUTO_TEST_CASE(a_kind_that_was_not_there_changes_nothing) {
  station s;
  s.start();
  BOOST_TEST(plays(s, 8s));
  s.origin->answer = [&](const fetch_request& r) -> result<fetch_response> {
    if (r.url.ends_with("master.m3u8"))
      return page(r, std::string{multivariant} +
                         "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"s\",NAME=\"en\",URI=\"s.m3u8\"\n");
    return s.good(r);
  };
  BOOST_TEST(plays(s, 40s));
  BOOST_TEST(s.view->load()->trouble.find("start the channel anew") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(renditions_keep_their_names_over_a_restart) {
  const auto store = std::make_shared<disk>();
  {
    station s{{}, store};
    s.start();
    BOOST_TEST(plays(s, 8s));
  }
  station s{{}, store, at(60)};
  s.origin->answer = [&](const fetch_request& r) -> result<fetch_response> {
    return r.url.ends_with("master.m3u8")
               ? page(r,
                      "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=500000\nv1.m3u8\n"
                      "#EXT-X-STREAM-INF:BANDWIDTH=900000\nv0.m3u8\n")
               : s.good(r);
  };
  s.start();
  BOOST_TEST(plays(s, 8s));
  const auto& d = *s.view->load()->description;
  BOOST_TEST(d.renditions.at(0).url == "http://origin.test/v0.m3u8");
  BOOST_TEST(d.renditions.at(0).info.name == "v0");
}

BOOST_AUTO_TEST_SUITE_END()
