// The creative actor and the network: what it fetches, how often, and what becomes of failures.
#include <boost/test/unit_test.hpp>
#include <caf/all.hpp>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>

#include "tests/actors/creative/remote_pages.hpp"

using namespace interlude;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

// Answers when it is told to.
class held_network : public http_fetcher {
 public:
  void fetch(fetch_request, callback done) override {
    const std::lock_guard lock{mutex_};
    held_.push_back(std::move(done));
    came_.notify_one();
  }
  void refuse_next() {
    std::unique_lock lock{mutex_};
    BOOST_REQUIRE(came_.wait_for(lock, 10s, [&] { return !held_.empty(); }));
    const auto done = std::move(held_.front());
    held_.pop_front();
    lock.unlock();
    fetch_response answer;
    answer.status = 404;
    done(std::move(answer));
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<callback> held_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(remote_creatives)

BOOST_AUTO_TEST_CASE(a_remote_source_is_fetched_once) {
  const scratch_folder folder;
  remote_studio s{folder};
  const std::string url = "http://media.test/ad.mp4?token=secret";
  s.network->put(url, read_all(make_source(folder / "a.mp4", "1", true)));
  caf::scoped_actor first{s.system}, second{s.system};
  auto one = first->request(s.keeper, 30s, wanted(url));
  auto two = second->request(s.keeper, 30s, wanted(url));
  stitch::creative_ptr a, b;
  const auto fail = [&](caf::error& e) { BOOST_ERROR(s.system.render(e)); };
  one.receive([&](const conditioned& c) { a = c.creative; }, fail);
  two.receive([&](const conditioned& c) { b = c.creative; }, fail);
  BOOST_REQUIRE(a);
  BOOST_TEST(a == b);
  // Asked for again, it is there.
  BOOST_TEST(s.ask<conditioned>(wanted(url)).value().creative == a);
  BOOST_TEST(s.network->requests().size() == 1u);
  // Tokens are nobody's business.
  BOOST_TEST(a->source == "http://media.test/ad.mp4");
}

BOOST_AUTO_TEST_CASE(a_download_that_a_crash_left_is_removed_at_the_start) {
  const scratch_folder folder;
  std::filesystem::create_directories(folder / "creatives");
  std::ofstream{folder / "creatives/0123.source.part"} << "half an ad";
  remote_studio s{folder};
  BOOST_TEST(!s.ask<conditioned>(wanted("http://media.test/gone.mp4")));
  BOOST_TEST(!std::filesystem::exists(folder / "creatives/0123.source.part"));
}

BOOST_AUTO_TEST_CASE(a_source_that_is_not_there_is_told_and_left_alone_for_a_while) {
  const scratch_folder folder;
  remote_studio s{folder};
  const auto first = s.ask<conditioned>(wanted("http://media.test/gone.mp4"));
  BOOST_REQUIRE(!first);
  BOOST_TEST(first.error().what.find("HTTP 404") != std::string::npos, first.error().what);
  const auto again = s.ask<conditioned>(wanted("http://media.test/gone.mp4"));
  BOOST_REQUIRE(!again);
  BOOST_TEST(again.error().what.find("tried again later") != std::string::npos, again.error().what);
  BOOST_TEST(s.network->requests().size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_into_the_queue_is_refused_at_once) {
  const scratch_folder folder;
  creative_options options;
  options.max_queue = 0;
  remote_studio s{folder, options};
  const auto refused = s.ask<conditioned>(wanted(folder / "a.mp4"));
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().what.find("too many") != std::string::npos, refused.error().what);
}

BOOST_AUTO_TEST_CASE(a_segment_is_probed_with_the_range_and_the_initialisation_it_needs) {
  const scratch_folder folder;
  remote_studio s{folder};
  make_fragments(folder.path());
  s.network->put("http://o.test/0.m4s", read_all(folder / "0.m4s"));
  s.network->put("http://o.test/init.mp4", read_all(folder / "init.mp4"));
  probe_segment segment;
  segment.segment_url = "http://o.test/0.m4s";
  segment.segment_range = byte_span{100, 50};
  segment.init_url = "http://o.test/init.mp4";
  const auto probed = s.ask<segment_probed>(probe_rendition{[&] { return segment; }});
  BOOST_REQUIRE_MESSAGE(probed, (probed ? "" : probed.error().message()));
  BOOST_TEST(probed->format.video.width == 160);
  const auto requests = s.network->requests();
  BOOST_REQUIRE(requests.size() == 2u);
  BOOST_REQUIRE(requests[0].headers.size() == 1u);
  BOOST_TEST(requests[0].headers[0].second == "bytes=100-149");
}

BOOST_AUTO_TEST_CASE(a_segment_or_key_that_is_not_there_is_told) {
  const scratch_folder folder;
  remote_studio s{folder};
  s.network->put("http://o.test/0.ts", "0123456789abcdef");
  probe_segment segment;
  segment.segment_url = "http://o.test/0.ts";
  segment.key_url = "http://o.test/key.bin?who=me";
  const auto probed = s.ask<segment_probed>(probe_rendition{[&] { return segment; }});
  BOOST_REQUIRE(!probed);
  BOOST_TEST(probed.error().what.find("http://o.test/key.bin: the origin answered HTTP 404") !=
                 std::string::npos,
             probed.error().what);
}

BOOST_AUTO_TEST_CASE(which_segment_is_probed_is_asked_when_its_turn_comes) {
  const scratch_folder folder;
  creative_options options;
  options.max_probes = 1;
  const auto network = std::make_shared<held_network>();
  studio s{folder, network, options};
  std::promise<void> first_turn, second_turn;
  const auto question = [](std::promise<void>& turn) {
    return probe_rendition{[&turn] {
      turn.set_value();
      probe_segment segment;
      segment.segment_url = "http://o.test/0.ts";
      return segment;
    }};
  };
  caf::scoped_actor self{s.system};
  auto one = self->request(s.keeper, 30s, question(first_turn));
  auto two = self->request(s.keeper, 30s, question(second_turn));
  auto second = second_turn.get_future();
  BOOST_TEST((first_turn.get_future().wait_for(10s) == std::future_status::ready));
  BOOST_TEST((second.wait_for(200ms) == std::future_status::timeout));
  network->refuse_next();
  BOOST_TEST((second.wait_for(10s) == std::future_status::ready));
  network->refuse_next();
  int refused = 0;
  const auto fail = [](const segment_probed&) { BOOST_ERROR("there was nothing to probe"); };
  one.receive(fail, [&](caf::error&) { ++refused; });
  two.receive(fail, [&](caf::error&) { ++refused; });
  BOOST_TEST(refused == 2);
}

BOOST_AUTO_TEST_SUITE_END()
