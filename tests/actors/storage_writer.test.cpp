// When the writer commits: at once where little comes, and seldom where much does.
#include "actors/storage_writer.hpp"

#include <boost/test/unit_test.hpp>

#include "storage/record_table.hpp"
#include "tests/support/actor_stage.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace interlude;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

struct writing_stage : actor_stage {
  writing_stage()
      : actor_stage(instant{1h}),
        env(*storage::environment::open({folder.path()})),
        table(*storage::record_table::open(env, "things")),
        writer(spawn_storage_writer(system, env, counters, writer_thread::shared)) {
    scheduler().run();
  }
  ~writing_stage() {
    caf::anon_send_exit(writer, caf::exit_reason::user_shutdown);
    writer = nullptr;
    let_go();
  }
  void write(const std::string& key, bool can_wait = false) {
    store_write w{[this, key](storage::transaction& t) { table.put(t, key, "x"); }, can_wait};
    caf::anon_send(
        writer,
        store_asked{std::move(w), std::make_shared<store_asked::answer>([this, key](bool on_disk) {
                      if (on_disk) kept += key + ' ';
                    })});
    scheduler().run();
  }
  // By so many milliseconds, which is less than pass() can tell apart.
  void go_on(int milliseconds) {
    for (int i = 0; i < milliseconds; ++i) {
      scheduler().advance_time(1ms);
      scheduler().run();
    }
  }
  std::uint64_t commits() const { return counters->commits.read().total(); }

  scratch_folder folder;
  std::shared_ptr<storage::environment> env;
  storage::record_table table;
  std::shared_ptr<storage_counters> counters = std::make_shared<storage_counters>();
  storage_writer_actor writer;
  std::string kept;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(storage_writers)

BOOST_AUTO_TEST_CASE(what_comes_alone_is_on_disk_at_once) {
  writing_stage s;
  s.write("a");
  BOOST_TEST(s.kept == "a ");
  s.go_on(1000);
  s.write("b");
  BOOST_TEST(s.kept == "a b ");
}

BOOST_AUTO_TEST_CASE(what_comes_soon_after_shares_the_next_commit) {
  writing_stage s;
  for (const auto* key : {"a", "b", "c"}) s.write(key);
  BOOST_TEST(s.kept == "a ");
  s.go_on(20);
  BOOST_TEST(s.kept == "a b c ");
  BOOST_TEST(s.commits() == 2u);
}

BOOST_AUTO_TEST_CASE(what_can_wait_waits_for_what_cannot) {
  writing_stage s;
  s.write("a");
  s.write("later", true);
  s.go_on(8);
  BOOST_TEST(s.kept == "a ");
  s.write("b");
  BOOST_TEST(s.kept == "a later b ");
  BOOST_TEST(s.commits() == 2u);
  // The timer that was set for it stands for nothing any more.
  s.write("c", true);
  s.go_on(10);
  BOOST_TEST(s.kept == "a later b ");
}

BOOST_AUTO_TEST_CASE(what_can_wait_does_not_wait_for_long) {
  writing_stage s;
  s.write("a");
  s.write("later", true);
  s.go_on(20);
  BOOST_TEST(s.kept == "a later ");
}

BOOST_AUTO_TEST_SUITE_END()
