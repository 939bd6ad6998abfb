// The channel actor and its origin: when it is asked, and what becomes of its answers.
#include <boost/test/unit_test.hpp>

#include "tests/support/station.hpp"

using namespace interlude;
using namespace interlude::test;

BOOST_AUTO_TEST_SUITE(the_channel_actor)

BOOST_AUTO_TEST_CASE(who_asks_for_the_description_waits_for_the_origin) {
  station s;
  s.origin->silent = true;
  s.start();
  const auto first = s.ask_description();
  const auto second = s.ask_description();
  BOOST_TEST(!first->has_value());
  // All who wait share one request.
  BOOST_TEST(s.origin->requests["http://origin.test/master.m3u8"] == 1);
  s.origin->answer_all();
  s.pass(50ms);
  BOOST_TEST(value_of(first)->description->renditions.size() == 2u);
  BOOST_TEST(value_of(second)->description == value_of(first)->description);
  BOOST_TEST(s.view->load()->trouble == "");
}

BOOST_AUTO_TEST_CASE(who_asks_for_a_playlist_waits_for_a_fresh_one) {
  station s;
  s.start();
  s.origin->silent = true;
  s.pass(10s);
  const auto asked = s.ask_playlist();
  BOOST_TEST(!asked->has_value());
  s.origin->answer_all();
  s.pass(50ms);
  const auto& window = value_of(asked)->snapshot->windows.at(0);
  BOOST_REQUIRE(window);
  const auto& newest = *window->segments.back();
  BOOST_TEST((newest.start + newest.length == at(48)));
}

BOOST_AUTO_TEST_CASE(nothing_can_be_asked_of_a_channel_before_it_was_read) {
  station s;
  s.origin->silent = true;
  s.start();
  BOOST_TEST((error_of(s.ask_playlist()).code == errc::unavailable));
  BOOST_TEST(
      (error_of(s.cue({cue_command::action::start, "x", {}, {}})).code == errc::unavailable));
}

BOOST_AUTO_TEST_CASE(an_origin_that_cannot_be_reached_is_told_with_its_reason) {
  station s;
  s.origin->answer = [](const fetch_request& r) -> result<fetch_response> {
    return error{errc::unavailable, r.url, "connection refused"};
  };
  s.origin->silent = true;
  s.start();
  const auto asked = s.ask_description();
  s.origin->answer_all();
  s.pass(50ms);
  BOOST_TEST(says(error_of(asked), "connection refused"));
  BOOST_TEST((error_of(asked).code == errc::unavailable));
  BOOST_TEST(s.view->load()->trouble.find("connection refused") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_origin_that_comes_back_is_seen_without_being_asked) {
  station s;
  s.origin->answer = [](const fetch_request& r) -> result<fetch_response> {
    return status(r, 503);
  };
  s.start();
  s.pass(10s);
  BOOST_TEST(s.view->load()->trouble.find("HTTP 503") != std::string::npos);
  // The pause grows, but never beyond a target duration.
  const auto requests = s.origin->requests["http://origin.test/master.m3u8"];
  BOOST_TEST(requests >= 4);
  BOOST_TEST(requests <= 10);
  s.origin->answer = [&](const fetch_request& r) { return s.good(r); };
  s.pass(4s);
  BOOST_REQUIRE(s.view->load()->description);
  BOOST_TEST(s.view->load()->trouble == "");
}

BOOST_AUTO_TEST_CASE(who_comes_after_a_failure_is_told_of_what_is_now) {
  station s;
  s.start();
  value_of(s.ask_playlist());
  s.origin->answer = [](const fetch_request& r) -> result<fetch_response> {
    return status(r, 503);
  };
  s.pass(60s);  // it fails while somebody watches, and nobody asks after that
  s.origin->answer = [&](const fetch_request& r) { return s.good(r); };
  const auto asked = s.ask_playlist();
  s.pass(1s);
  BOOST_TEST(value_of(asked)->snapshot);
}

BOOST_AUTO_TEST_CASE(a_web_page_in_place_of_a_playlist_is_named) {
  station s;
  s.origin->answer = [](const fetch_request& r) -> result<fetch_response> {
    return page(r, "<html><body>Not here</body></html>", "text/html; charset=utf-8");
  };
  s.origin->silent = true;
  s.start();
  const auto asked = s.ask_description();
  s.origin->answer_all();
  s.pass(50ms);
  BOOST_TEST(says(error_of(asked), "text/html"), error_of(asked).message());
}

BOOST_AUTO_TEST_CASE(what_was_last_good_is_served_while_the_origin_fails_but_not_for_ever) {
  station s;
  s.start();
  value_of(s.ask_playlist());
  s.origin->answer = [](const fetch_request& r) -> result<fetch_response> {
    return status(r, 500);
  };
  s.pass(5s);
  const auto soon = s.ask_playlist();
  s.pass(50ms);
  BOOST_REQUIRE(value_of(soon)->snapshot->windows.at(0));
  BOOST_TEST(value_of(soon)->trouble.find("HTTP 500") != std::string::npos);
  s.pass(20s);
  const auto late = s.ask_playlist();
  s.pass(4s);
  BOOST_TEST(says(error_of(late), "HTTP 500"), error_of(late).message());
}

BOOST_AUTO_TEST_CASE(an_answer_that_never_comes_is_an_error_in_time) {
  station s;
  s.start();
  s.pass(10s);
  s.origin->silent = true;
  s.pass(10s);
  const auto asked = s.ask_playlist();
  s.pass(4s);
  BOOST_TEST(!asked->has_value());
  s.pass(1s);
  BOOST_TEST((error_of(asked).code == errc::timed_out));
}

BOOST_AUTO_TEST_CASE(an_unchanged_playlist_is_a_fresh_one) {
  station s;
  s.start();
  value_of(s.ask_playlist());
  s.origin->answer = [](const fetch_request& r) -> result<fetch_response> {
    return status(r, 304);
  };
  s.pass(3s);
  const auto asked = s.ask_playlist();
  s.pass(50ms);
  value_of(asked);
  BOOST_TEST(s.view->load()->trouble == "");
}

BOOST_AUTO_TEST_CASE(not_modified_means_nothing_before_anything_was_read) {
  station s;
  s.origin->answer = [&](const fetch_request& r) -> result<fetch_response> {
    return r.url.ends_with("master.m3u8") ? s.good(r) : status(r, 304);
  };
  s.start();
  s.pass(1s);
  BOOST_TEST(s.view->load()->trouble.find("HTTP 304") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_rendition_that_is_not_there_is_refused) {
  station s;
  s.start();
  BOOST_TEST((error_of(s.ask_playlist(2)).code == errc::unavailable));
}

BOOST_AUTO_TEST_CASE(a_channel_that_wakes_does_not_call_what_is_old_fresh) {
  station s;
  s.start();
  value_of(s.ask_playlist());
  s.pass(120s);
  s.origin->silent = true;
  const auto asked = s.ask_playlist();
  // Others who come meanwhile wait like the first: they are neither shown the old playlist nor
  // told that there is none.
  BOOST_TEST(!s.view->load()->renditions.at(0).polled);
  s.origin->answer_all();
  s.pass(50ms);
  value_of(asked);
  BOOST_TEST(s.view->load()->renditions.at(0).polled);
}

BOOST_AUTO_TEST_CASE(how_old_a_playlist_is_belongs_to_what_is_shown_of_it) {
  const auto store = std::make_shared<disk>();
  station s{{}, store};
  s.start();
  value_of(s.ask_playlist());
  s.video.tag(at(52), "#EXT-X-CUE-OUT:20");
  store->hold = true;  // what is read cannot be shown before it is kept
  bool waited = false;
  for (int i = 0; i < 200; ++i) {
    s.view->mark_watched(0, steady_time{s.steady()});
    s.pass(100ms);
    const auto p = s.view->load();
    const auto read_at = s.when(p->renditions.at(0).good_at) - epoch;
    // Segments of four seconds, listed as soon as they are over.
    BOOST_TEST((p->snapshot->windows.at(0)->edge() - epoch == read_at / 4s * 4s));
    waited |= s.now() - epoch - read_at > 3s;
  }
  BOOST_TEST(waited);
}

BOOST_AUTO_TEST_CASE(nobody_watches_and_the_origin_is_left_alone) {
  station s;
  s.start();
  s.ask_playlist();
  s.pass(31s);
  const auto before = s.origin->requests["http://origin.test/v0.m3u8"];
  s.pass(60s);
  BOOST_TEST(s.origin->requests["http://origin.test/v0.m3u8"] == before);
  // The next viewer wakes it.
  value_of(s.ask_playlist());
  BOOST_TEST(s.origin->requests["http://origin.test/v0.m3u8"] == before + 1);
}

BOOST_AUTO_TEST_SUITE_END()
