#include "actors/decision/exposure_sweeper.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/support/exposure_library.hpp"
#include "tests/support/station.hpp"

using namespace interlude;
using namespace interlude::test;

namespace {

// The sweeper on a store, an hour before the noon after.
class sweeping : public actor_stage {
 public:
  explicit sweeping(std::shared_ptr<disk> store)
      : actor_stage(noon + 23h), store_(std::move(store)) {
    writer_ = system.spawn(fake_writer, store_);
    sweeper_ = system.spawn(sweep_exposures,
                            sweeper_arguments{store_->exposures, writer_, noon + 23h, begun()});
  }
  ~sweeping() {
    caf::anon_send_exit(sweeper_, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(writer_, caf::exit_reason::user_shutdown);
    let_go();
  }
  // From one sweep to the next.
  void wait(duration time) {
    for (const auto until = now() + time; now() < until; scheduler().run())
      scheduler().advance_time(sweep_every);
  }
  std::size_t kept() {
    return storage::record_table::open(store_->env, "exposures")->all()->size();
  }

 private:
  std::shared_ptr<disk> store_;
  storage_writer_actor writer_;
  exposure_sweeper sweeper_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(exposure_sweepers)

BOOST_AUTO_TEST_CASE(who_has_not_been_shown_anything_for_long_is_forgotten_in_time) {
  const auto store = std::make_shared<disk>();
  const auto rules = at_most(1);
  for (const auto* viewer : {"anna", "bert"}) {
    const auto when = viewer == std::string_view{"anna"} ? noon : noon + 20h;
    store->keep(*store->exposures->choose(viewer, std::vector{ad("a")}, 60s, rules, when).write);
  }
  sweeping s{store};
  s.wait(30min);
  const auto before = s.kept();
  s.wait(2h);
  BOOST_TEST(s.kept() == before - 1);
  s.wait(24h);
  BOOST_TEST(s.kept() == before - 2);
}

BOOST_AUTO_TEST_SUITE_END()
