// What actors count for the metrics.
#include <boost/test/unit_test.hpp>

#include "actors/decision/ad_server_counters.hpp"
#include "tests/support/station.hpp"
#include "tests/support/vast_text.hpp"

using namespace interlude;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

const std::string ad_server_url = "http://ads.test/";

// Two breaks of 20 s; ads of 8 s, slate behind them.
struct counting_station : station {
  explicit counting_station(const std::function<void(channel_settings&)>& adjust = {})
      : station([&](channel_settings& c) {
          c.house_ads.clear();
          c.ad_servers = {{ad_server_url, 500ms}};
          if (adjust) adjust(c);
        }) {
    video.tag(at(60), "#EXT-X-CUE-OUT:20").tag(at(80), "#EXT-X-CUE-IN");
    video.tag(at(120), "#EXT-X-CUE-OUT:20").tag(at(140), "#EXT-X-CUE-IN");
    origin->answer = [this](const fetch_request& r) -> result<fetch_response> {
      if (r.url.starts_with("http://origin.test/")) return good(r);
      return page(r, ads, "text/xml");
    };
  }
  void watch_until(instant t) {
    while (now() < t) {
      ask_playlist();
      pass(500ms);
    }
  }
  const channel_counters& counts() const { return view->counters; }
  std::uint64_t plans(plan_tier tier) const {
    return counts().plans[static_cast<std::size_t>(tier)].load();
  }
  std::uint64_t planned(break_fill fill) const {
    return counts().planned_milliseconds[static_cast<std::size_t>(fill)].load();
  }

  std::string ads = vast_of(inline_ad("a", 1));
};

decision_story story_of(std::initializer_list<std::pair<const char*, bool>> ads) {
  decision_story out;
  for (const auto& [tier, plays] : ads) {
    auto& ad = out.ads.emplace_back();
    ad.tier = tier;
    if (!plays) ad.skipped = skipped_ad{skip_reason::new_creative, ""};
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(counters_of_actors)

BOOST_AUTO_TEST_CASE(a_value_counts_below_the_first_bound_that_is_not_less) {
  duration_histogram h;
  h.add(0ns);
  h.add(100us);
  h.add(100'001ns);
  h.add(120s);
  h.add(1h);
  h.add(-1s);  // a clock that was set
  auto r = h.read();
  BOOST_TEST(r.counts[0] == 3u);
  BOOST_TEST(r.counts[1] == 1u);
  BOOST_TEST(r.counts[duration_bounds.size() - 1] == 1u);
  BOOST_TEST(r.counts[duration_bounds.size()] == 1u);
  BOOST_TEST(r.total() == 6u);
  BOOST_TEST(r.sum == 200'001u + 3'720'000'000'000u);
  r += h.read();
  BOOST_TEST(r.total() == 12u);
}

BOOST_AUTO_TEST_CASE(a_plan_is_of_the_best_that_plays_in_it) {
  const auto tier = [](auto ads, duration slate = 0s) {
    auto s = story_of(ads);
    s.slate_length = slate;
    return plan_tier_names[static_cast<std::size_t>(tier_of(s))];
  };
  using ads = std::initializer_list<std::pair<const char*, bool>>;
  BOOST_TEST(tier(ads{{"house", true}, {"ads", true}}) == "ads");
  BOOST_TEST(tier(ads{{"service", true}, {"house", true}}) == "service");
  BOOST_TEST(tier(ads{{"ads", false}, {"house", true}}, 4s) == "house");
  BOOST_TEST(tier(ads{{"ads", false}}, 20s) == "slate");
  BOOST_TEST(tier(ads{}) == "content");
}

BOOST_AUTO_TEST_CASE(of_a_preroll_nothing_is_left_to_content) {
  channel_counters n;
  auto s = story_of({{"ads", true}});
  s.wanted = 30s;
  s.ads_length = 8s;
  const auto content = [&] {
    return n.planned_milliseconds[static_cast<std::size_t>(break_fill::content)].load();
  };
  s.source = stitch::cue_source::join;
  count_plan(n, s);
  BOOST_TEST(content() == 0u);
  s.source = stitch::cue_source::playlist;
  count_plan(n, s);
  BOOST_TEST(content() == 22'000u);
}

BOOST_AUTO_TEST_CASE(breaks_are_counted_once_and_planned_for_each_audience) {
  counting_station s;
  s.start();
  s.watch_until(at(170));
  const auto audiences = s.view->load()->snapshot->audiences.size();
  BOOST_TEST(s.counts().breaks.load() == 2u);
  // Its creative is new in the first break, and plays in the second.
  BOOST_TEST(s.plans(plan_tier::slate) == audiences);
  BOOST_TEST(s.plans(plan_tier::ads) == audiences);
  BOOST_TEST(s.planned(break_fill::ads) == audiences * 8'000);
  BOOST_TEST(s.planned(break_fill::slate) == audiences * (20'000 + 12'000));
  BOOST_TEST(s.planned(break_fill::content) == 0u);
  BOOST_TEST(s.counts().mailbox.read().total() > 0u);
}

BOOST_AUTO_TEST_CASE(what_an_origin_gives_is_counted_and_when_it_was_good_last) {
  counting_station s;
  s.start();
  s.ask_playlist();
  s.pass(4s);
  const auto reads = s.counts().origin_reads.load();
  const auto good_at = s.counts().origin_good_at.load();
  BOOST_TEST(reads > 2u);
  BOOST_TEST(s.counts().origin_failures.load() == 0u);
  BOOST_TEST(s.counts().origin_took.read().total() == reads);
  s.origin->answer = [](const fetch_request& r) { return status(r, 503); };
  s.ask_playlist();
  s.pass(4s);
  const auto failures = s.counts().origin_failures.load();
  BOOST_TEST(failures > 1u);
  BOOST_TEST(s.counts().origin_reads.load() == reads + failures);
  BOOST_TEST((s.counts().origin_good_at.load() <= good_at + 2s));
  s.origin->answer = [&](const fetch_request& r) { return s.good(r); };
  s.pass(4s);
  BOOST_TEST((s.counts().origin_good_at.load() > good_at + 3s));
}

BOOST_AUTO_TEST_CASE(answers_of_ad_servers_are_counted_and_how_long_who_asked_has_waited) {
  counting_station s;
  s.ads = "<html>";
  s.start();
  s.watch_until(at(70));
  const auto& n = s.decisions->counters;
  const auto outcome = [&](inquiry_outcome o) {
    return n.outcomes[static_cast<std::size_t>(o)].load();
  };
  BOOST_TEST(outcome(inquiry_outcome::unreadable) + outcome(inquiry_outcome::invalid) > 0u);
  BOOST_TEST(outcome(inquiry_outcome::answered) == 0u);
  BOOST_TEST(n.answers.read().total() == n.missed.load());
  BOOST_TEST(n.mailbox.read().total() == n.missed.load() + n.fresh.load() + n.stale.load());
}

BOOST_AUTO_TEST_CASE(only_hosts_that_are_configured_have_a_line_of_their_own) {
  std::vector<std::string> urls{"http://ADS.test:8080/vast?d=[break.duration]", "no url"};
  ad_server_book book{urls};
  book.of("ads.test:8080").requests = 1;
  book.of("elsewhere.test").requests = 2;
  BOOST_TEST(book.all().size() == 2u);
  BOOST_TEST(book.all().at("ads.test:8080").requests.load() == 1u);
  BOOST_TEST(book.all().at("other").requests.load() == 2u);
  for (std::size_t i = 0; i < 2 * ad_server_book::most; ++i)
    urls.push_back("http://" + std::to_string(i) + ".test/");
  BOOST_TEST(ad_server_book{urls}.all().size() == ad_server_book::most + 1);
}

BOOST_AUTO_TEST_CASE(writes_are_counted_and_those_that_fail) {
  const scratch_folder folder;
  const auto n = std::make_shared<storage_counters>();
  caf::actor_system_config config;
  caf::actor_system system{config};
  const auto env = *storage::environment::open({folder.path(), 1 << 20, 1 << 20});
  const auto table = *env->table("things");
  const auto writer = spawn_storage_writer(system, env, n);
  caf::scoped_actor self{system};
  const auto write = [&](std::size_t bytes) {
    bool kept = false;
    self->request(writer, 10s, store_write{[=](storage::transaction& t) {
                    t.put(table, "key", std::string(bytes, 'x'));
                  }})
        .receive([&](const stored&) { kept = true; }, [](caf::error&) {});
    return kept;
  };
  BOOST_TEST(write(10));
  BOOST_TEST(n->failures.load() == 0u);
  BOOST_TEST(!write(8 << 20));  // more than the store may hold
  BOOST_TEST(n->writes.load() == 2u);
  BOOST_TEST(n->failures.load() == 1u);
  BOOST_TEST(n->commits.read().total() == 2u);
  caf::anon_send_exit(writer, caf::exit_reason::user_shutdown);
}

BOOST_AUTO_TEST_SUITE_END()
