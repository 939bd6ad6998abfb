#include "apps/swarm/player_model.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

#include "apps/swarm/poll_timing.hpp"

using namespace interlude;
using namespace interlude::swarm;
using namespace std::chrono_literals;

namespace {

const std::string multivariant = R"(#EXTM3U
#EXT-X-VERSION:7
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="English",URI="s/t/a0.m3u8"
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="other",NAME="German",URI="s/t/a1.m3u8"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="text",NAME="English",URI="s/t/s0.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=900000,AUDIO="sound",SUBTITLES="text"
s/t/v0.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=500000,AUDIO="sound",SUBTITLES="text"
s/t/v1.m3u8
)";
const std::string base = "http://node.test/v1/o/c/master.m3u8?mode=ssai";

std::set<std::string> names(const std::vector<chosen_rendition>& chosen) {
  std::set<std::string> out;
  for (const auto& r : chosen) out.insert(r.name);
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(player_models)

BOOST_AUTO_TEST_CASE(a_player_follows_one_variant_with_its_audio_and_subtitles) {
  player_model model{{}, 1};
  std::set<std::string> videos;
  for (int i = 0; i < 50; ++i) {
    const auto chosen = choose_renditions(multivariant, base, false, model);
    BOOST_REQUIRE(chosen);
    auto played = names(*chosen);
    BOOST_TEST(played.size() == 3u);
    BOOST_TEST(played.contains("a0"));
    BOOST_TEST(played.contains("s0"));
    videos.insert(chosen->front().name);
    BOOST_TEST(chosen->front().url ==
               "http://node.test/v1/o/c/s/t/" + chosen->front().name + ".m3u8");
  }
  BOOST_TEST(videos.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_player_of_everything_follows_every_rendition_once) {
  player_model model{{}, 1};
  const auto chosen = choose_renditions(multivariant, base, true, model);
  BOOST_REQUIRE(chosen);
  BOOST_TEST((names(*chosen) == std::set<std::string>{"v0", "v1", "a0", "a1", "s0"}));
  BOOST_TEST(chosen->size() == 5u);
}

BOOST_AUTO_TEST_CASE(a_playlist_without_variants_is_an_error) {
  player_model model{{}, 1};
  BOOST_TEST(!choose_renditions("#EXTM3U\n", base, true, model));
  BOOST_TEST(!choose_renditions("<html>", base, true, model));
}

BOOST_AUTO_TEST_CASE(the_same_seed_does_the_same) {
  const habits h{.ramp = 30s, .guided = 0.5, .stay = 60s};
  player_model a{h, 7}, b{h, 7};
  for (int i = 0; i < 20; ++i) {
    BOOST_TEST((a.arrival() == b.arrival()));
    BOOST_TEST(a.guided() == b.guided());
    BOOST_TEST((a.stay() == b.stay()));
  }
}

BOOST_AUTO_TEST_CASE(players_come_within_the_ramp_and_pause_longer_and_shorter_than_a_window) {
  player_model model{{.ramp = 30s, .stay = 60s}, 3};
  duration shortest{1h}, longest{0};
  for (int i = 0; i < 500; ++i) {
    BOOST_TEST((model.arrival() <= 30s));
    BOOST_TEST((model.stay() >= 1s));
    const auto pause = model.pause();
    shortest = std::min(shortest, pause);
    longest = std::max(longest, pause);
  }
  BOOST_TEST((shortest >= 1s && shortest < 5s));
  BOOST_TEST((longest > 35s && longest <= 40s));
}

BOOST_AUTO_TEST_CASE(neighbouring_seeds_come_at_different_times) {
  duration earliest{1h}, latest{0};
  for (std::uint64_t seed = 1'000'000; seed < 1'000'060; ++seed) {
    const auto t = player_model{{.ramp = 30s}, seed}.arrival();
    earliest = std::min(earliest, t);
    latest = std::max(latest, t);
  }
  BOOST_TEST((earliest < 5s));
  BOOST_TEST((latest > 25s));
}

BOOST_AUTO_TEST_CASE(shares_of_none_and_all_are_kept) {
  player_model none{{.guided = 0, .all_renditions = 0, .ads = 0}, 1},
      all{{.guided = 1, .all_renditions = 1}, 1};
  for (int i = 0; i < 50; ++i) {
    BOOST_TEST(!none.guided());
    BOOST_TEST(!none.fetches_ads());
    BOOST_TEST(!none.fetches_content());
    BOOST_TEST(all.guided());
    BOOST_TEST(all.all_renditions());
    BOOST_TEST(all.fetches_ads());
  }
}

BOOST_AUTO_TEST_CASE(
    a_changed_playlist_is_loaded_again_after_a_target_duration_another_after_half) {
  BOOST_TEST((wait_after_load(true, 6s) == duration{6s}));
  BOOST_TEST((wait_after_load(false, 6s) == duration{3s}));
}

BOOST_AUTO_TEST_CASE(failures_are_tried_again_ever_later_up_to_four_seconds) {
  back_off b;
  BOOST_TEST((b.next() == duration{500ms}));
  BOOST_TEST((b.next() == duration{1s}));
  BOOST_TEST((b.next() == duration{2s}));
  BOOST_TEST((b.next() == duration{4s}));
  BOOST_TEST((b.next() == duration{4s}));
  b.succeeded();
  BOOST_TEST((b.next() == duration{500ms}));
}

BOOST_AUTO_TEST_SUITE_END()
