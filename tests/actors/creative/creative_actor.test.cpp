#include "actors/creative/creative_actor.hpp"

#include <boost/test/unit_test.hpp>
#include <caf/all.hpp>

#include "tests/actors/creative/remote_pages.hpp"

using namespace interlude;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

// Reaches nothing.
struct no_network : http_fetcher {
  void fetch(fetch_request r, callback done) override {
    done(error{errc::unavailable, r.url, "no network in this test"});
  }
};

struct offline_studio : studio {
  explicit offline_studio(const scratch_folder& folder)
      : studio(folder, std::make_shared<no_network>()) {}

  result<stitch::creative_ptr> ask(const condition_creative& question) {
    auto answer = studio::ask<conditioned>(question);
    if (!answer) return answer.error();
    return answer->creative;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(the_creative_actor)

BOOST_AUTO_TEST_CASE(equal_questions_share_one_job_and_its_result) {
  const scratch_folder folder;
  offline_studio s{folder};
  const auto question = wanted(make_source(folder / "a.mp4", "2", true));
  caf::scoped_actor first{s.system}, second{s.system};
  stitch::creative_ptr a, b;
  const auto fail = [](caf::error&) { BOOST_ERROR("no creative"); };
  auto one = first->request(s.keeper, 60s, question);
  auto two = second->request(s.keeper, 60s, question);
  one.receive([&](const conditioned& c) { a = c.creative; }, fail);
  two.receive([&](const conditioned& c) { b = c.creative; }, fail);
  BOOST_TEST(a == b);
}

BOOST_AUTO_TEST_CASE(what_was_made_is_found_after_a_restart) {
  const scratch_folder folder;
  const auto question = wanted(make_source(folder / "a.mp4", "2", true));
  std::string key;
  {
    offline_studio s{folder};
    key = s.ask(question).value()->key;
    // The record is written by the time the writer has answered what came behind it.
    caf::scoped_actor self{s.system};
    self->request(s.writer, 10s, store_write{[](storage::transaction&) {}})
        .receive([](const stored&) {}, [](caf::error&) {});
  }
  const auto file = folder / ("creatives/" + key + "/t0/0.ts");
  const auto before = std::filesystem::last_write_time(file);
  offline_studio s{folder};
  BOOST_TEST(s.ask(question).value()->key == key);
  BOOST_TEST((std::filesystem::last_write_time(file) == before));
}

BOOST_AUTO_TEST_CASE(a_broken_source_is_told_and_not_tried_again_at_once) {
  const scratch_folder folder;
  offline_studio s{folder};
  const auto first = s.ask(wanted(folder / "missing.mp4"));
  BOOST_REQUIRE(!first);
  const auto again = s.ask(wanted(folder / "missing.mp4"));
  BOOST_REQUIRE(!again);
  BOOST_TEST(again.error().what.find("tried again later") != std::string::npos, again.error().what);
}

BOOST_AUTO_TEST_CASE(what_is_made_and_what_fails_is_counted) {
  const scratch_folder folder;
  offline_studio s{folder};
  const auto& n = *s.counters;
  BOOST_REQUIRE(s.ask(wanted(make_source(folder / "a.mp4", "2", true))));
  BOOST_REQUIRE(!s.ask(wanted(folder / "missing.mp4")));
  BOOST_REQUIRE(s.ask(wanted(folder / "a.mp4")));  // it is there, and nothing is made
  BOOST_TEST(n.conditioned.load() == 1u);
  BOOST_TEST(n.failed.load() == 1u);
  BOOST_TEST(n.conditioning.read().total() == 2u);
  BOOST_TEST(n.kept.load() == 1u);
  BOOST_TEST(n.bytes.load() > 1000u);
  BOOST_TEST(n.queued.load() + n.under_way.load() == 0u);
  BOOST_TEST(n.quarantined.load() == 0u);
  BOOST_TEST(n.mailbox.read().total() == 3u);
}

BOOST_AUTO_TEST_CASE(sources_in_quarantine_are_counted) {
  const scratch_folder folder;
  creative_options options;
  options.setbacks.quarantine_after = 1;
  remote_studio s{folder, options};
  // When it is refused the second time, the first is through with.
  for (int i = 0; i < 2; ++i)
    BOOST_REQUIRE(!s.ask<conditioned>(wanted("http://media.test/ad.mp4")));
  BOOST_TEST(s.counters->quarantined.load() == 1u);
}

BOOST_AUTO_TEST_CASE(a_remote_source_that_does_not_answer_is_an_error) {
  const scratch_folder folder;
  offline_studio s{folder};
  BOOST_TEST(!s.ask(wanted("http://media.test/ad.mp4")));
}

BOOST_AUTO_TEST_SUITE_END()
