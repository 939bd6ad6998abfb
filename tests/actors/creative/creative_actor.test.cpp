#include "actors/creative/creative_actor.hpp"

#include <boost/test/unit_test.hpp>
#include <caf/all.hpp>

#include "tests/support/ffmpeg_sources.hpp"
#include "tests/support/scratch_folder.hpp"

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

struct studio {
  explicit studio(const scratch_folder& folder) {
    auto env = storage::environment::open({folder / "store"});
    BOOST_REQUIRE(env);
    writer = spawn_storage_writer(system, *env);
    creative_options options;
    options.root = folder / "creatives";
    keeper =
        system.spawn(creatives, options, std::make_shared<no_network>(),
                     std::make_shared<storage::catalogue>(*storage::catalogue::open(*env)), writer);
  }
  ~studio() {
    caf::anon_send_exit(keeper, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(writer, caf::exit_reason::user_shutdown);
  }

  result<stitch::creative_ptr> ask(const condition_creative& wanted) {
    caf::scoped_actor self{system};
    result<stitch::creative_ptr> out = error{errc::internal, "", "no answer"};
    self->request(keeper, 60s, wanted)
        .receive([&](const conditioned& c) { out = c.creative; },
                 [&](caf::error& e) {
                   out = error{errc::internal, "", system.render(e)};
                 });
    return out;
  }

  caf::actor_system_config config;
  caf::actor_system system{config};
  storage_writer_actor writer;
  creative_actor keeper;
};

condition_creative wanted(const std::string& source) {
  auto l = std::make_shared<stitch::ladder>();
  l->tracks = {video_track("v0", stitch::container::mpeg_ts, true)};
  l->segment_duration = 2s;
  return {source, l, std::nullopt};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(the_creative_actor)

BOOST_AUTO_TEST_CASE(equal_questions_share_one_job_and_its_result) {
  const scratch_folder folder;
  studio s{folder};
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
    studio s{folder};
    key = s.ask(question).value()->key;
    // The record is written by the time the writer has answered what came behind it.
    caf::scoped_actor self{s.system};
    self->request(s.writer, 10s, store_write{[](storage::transaction&) {}})
        .receive([](const stored&) {}, [](caf::error&) {});
  }
  const auto file = folder / ("creatives/" + key + "/t0/0.ts");
  const auto before = std::filesystem::last_write_time(file);
  studio s{folder};
  BOOST_TEST(s.ask(question).value()->key == key);
  BOOST_TEST((std::filesystem::last_write_time(file) == before));
}

BOOST_AUTO_TEST_CASE(a_broken_source_is_told_and_not_tried_again_at_once) {
  const scratch_folder folder;
  studio s{folder};
  const auto first = s.ask(wanted(folder / "missing.mp4"));
  BOOST_REQUIRE(!first);
  const auto again = s.ask(wanted(folder / "missing.mp4"));
  BOOST_REQUIRE(!again);
  BOOST_TEST(again.error().what.find("tried again later") != std::string::npos, again.error().what);
}

BOOST_AUTO_TEST_CASE(a_remote_source_that_does_not_answer_is_an_error) {
  const scratch_folder folder;
  studio s{folder};
  BOOST_TEST(!s.ask(wanted("http://media.test/ad.mp4")));
}

BOOST_AUTO_TEST_SUITE_END()
