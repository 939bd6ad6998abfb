#include "actors/decision/exposure_sweeper.hpp"

#include <boost/test/unit_test.hpp>
#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include "tests/support/exposure_library.hpp"
#include "tests/support/station.hpp"

using namespace interlude;
using namespace interlude::test;

BOOST_AUTO_TEST_SUITE(exposure_sweepers)

BOOST_AUTO_TEST_CASE(who_has_not_been_shown_anything_for_long_is_forgotten_in_time) {
  const auto store = std::make_shared<disk>();
  const auto rules = at_most(1);
  for (const auto* viewer : {"anna", "bert"}) {
    const auto when = viewer == std::string_view{"anna"} ? noon : noon + 20h;
    store->keep(*store->exposures->choose(viewer, std::vector{ad("a")}, 60s, rules, when).write);
  }
  deterministic config;
  caf::actor_system system{config};
  auto& scheduler = dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  scheduler.clock().current_time += 1h;
  const auto writer = system.spawn(fake_writer, store);
  const auto sweeper = system.spawn(
      sweep_exposures,
      sweeper_arguments{store->exposures, writer, noon + 23h, scheduler.clock().now()});
  const auto kept = [&] {
    return storage::record_table::open(store->env, "exposures")->all()->size();
  };
  const auto wait = [&](auto time) {
    for (const auto until = scheduler.clock().now() + time; scheduler.clock().now() < until;) {
      scheduler.advance_time(sweep_every);
      scheduler.run();
    }
  };
  wait(30min);
  const auto before = kept();
  wait(2h);
  BOOST_TEST(kept() == before - 1);
  wait(24h);
  BOOST_TEST(kept() == before - 2);
  caf::anon_send_exit(sweeper, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(writer, caf::exit_reason::user_shutdown);
  scheduler.run();
  scheduler.clock().trigger_timeouts();
  scheduler.run();
}

BOOST_AUTO_TEST_SUITE_END()
