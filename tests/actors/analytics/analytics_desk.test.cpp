#include "actors/analytics/analytics_desk.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/support/station.hpp"

using namespace interlude;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

const instant noon = *parse_iso8601("2026-11-24T12:00:00Z");

// The desk on a store. Its clock moves only when told to.
class counting_house : public actor_stage {
 public:
  explicit counting_house(report_bounds bounds = {}) : actor_stage(noon) {
    writer_ = system.spawn(fake_writer, store_);
    desk_ =
        system.spawn(analytics_desk,
                     desk_arguments{counters, writer_, {2, 1000}, noon, begun(), bounds, gathered});
  }
  ~counting_house() {
    caf::anon_send_exit(desk_, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(writer_, caf::exit_reason::user_shutdown);
    let_go();
  }
  void happen(const std::string& channel, const std::string& ad, instant at) {
    counted_event e;
    e.channel = channel;
    e.ad = ad;
    e.event = "start";
    store_->keep({[this, all = tallies_of(e, at)](storage::transaction& t) {
      for (const auto& what : all) add(*counters, t, what);
    }});
  }
  result<analytics_report> report(const std::string& channel, duration from, duration to,
                                  std::vector<dimension> by = {}) {
    std::optional<result<analytics_report>> out;
    report_question q{"tv", channel, storage::hour_of(noon + from), storage::hour_of(noon + to),
                      std::move(by)};
    caf::anon_send(desk_, report_wanted{std::move(q), [&](auto r) { out = std::move(r); }});
    scheduler().run();
    return *out;
  }
  std::uint64_t starts(const std::string& channel, duration from, duration to) {
    const auto all = report(channel, from, to);
    return all->rows.empty() ? 0 : all->rows.front().events[1];
  }
  // From one sweep to the next.
  void wait(duration time) {
    for (const auto until = now() + time; now() < until; scheduler().run())
      scheduler().advance_time(counters_swept_every);
  }

 private:
  std::shared_ptr<disk> store_ = std::make_shared<disk>();

 public:
  std::shared_ptr<const storage::counter_table> counters =
      std::make_shared<const storage::counter_table>(
          *storage::counter_table::open(store_->env, "counters", 1000));
  std::shared_ptr<gathered_counts> gathered = std::make_shared<gathered_counts>();
  void break_disk(bool broken) { store_->broken_asks = broken; }

 private:
  storage_writer_actor writer_;
  analytics_desk_actor desk_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(analytics_desks)

BOOST_AUTO_TEST_CASE(a_report_is_of_an_organisation_or_a_channel_and_of_some_hours) {
  counting_house h;
  h.happen("tv/one", "a", noon);
  h.happen("tv/one", "a", noon + 1h);
  h.happen("tv/two", "a", noon + 59min);
  h.happen("radio/one", "a", noon);
  BOOST_TEST(h.starts("", 0h, 2h) == 3u);
  BOOST_TEST(h.starts("", 0h, 1h) == 2u);
  BOOST_TEST(h.starts("one", 0h, 2h) == 2u);
  BOOST_TEST(h.starts("one", 1h, 2h) == 1u);
  BOOST_TEST(h.starts("three", 0h, 2h) == 0u);
  BOOST_TEST(h.report("", 0h, 2h, {dimension::channel})->rows.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_report_that_is_too_long_or_takes_too_long_is_refused) {
  counting_house h{{4, 2}};
  for (const auto* ad : {"a", "b", "c", "d"}) h.happen("tv/one", ad, noon);
  BOOST_TEST(h.starts("", 0h, 1h) == 4u);
  BOOST_TEST((h.report("", 0h, 1h, {dimension::ad}).error().code == errc::too_large));
  h.happen("tv/two", "a", noon);
  BOOST_TEST((h.report("", 0h, 1h).error().code == errc::too_large));
  BOOST_TEST(h.starts("two", 0h, 1h) == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_gathered_is_written_now_and_then_and_not_lost_with_a_bad_disk) {
  counting_house h;
  const tally avail{"tv/one",
                    storage::hour_of(noon),
                    write_counter(counter_kind::avail, {"", avail_measure::avails}),
                    {},
                    2};
  const auto avails = [&] {
    const auto all = h.report("", 0h, 1h);
    return all->rows.empty() ? 0 : all->rows.front().breaks.avails;
  };
  h.gathered->add({avail, avail});
  h.pass(9s);
  BOOST_TEST(avails() == 0u);
  h.break_disk(true);
  h.pass(2s);
  h.break_disk(false);
  BOOST_TEST(avails() == 0u);
  h.gathered->add({avail});
  h.pass(10s);
  BOOST_TEST(avails() == 6u);
  h.pass(20s);
  BOOST_TEST(avails() == 6u);
}

BOOST_AUTO_TEST_CASE(counters_are_kept_for_so_many_days) {
  counting_house h;
  h.happen("tv/one", "a", noon);
  h.happen("tv/one", "a", noon + 90min);
  h.wait(48h);
  BOOST_TEST(h.starts("", 0h, 2h) == 2u);
  h.wait(61min);
  BOOST_TEST(h.starts("", 0h, 2h) == 1u);
  h.wait(61min);
  BOOST_TEST(h.counters->size().value() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
