// A creative actor with a store and a network of its own.
#pragma once

#include <boost/test/unit_test.hpp>
#include <caf/all.hpp>
#include <memory>
#include <utility>

#include "actors/creative/creative_actor.hpp"
#include "tests/actors/creative/conditioning_jobs.hpp"

namespace interlude::test {

class studio {
 public:
  studio(const scratch_folder& folder, std::shared_ptr<http_fetcher> network,
         creative_options options = {}) {
    auto env = storage::environment::open({folder / "store"});
    BOOST_REQUIRE(env);
    writer = spawn_storage_writer(system, *env);
    options.root = folder / "creatives";
    store = std::make_shared<media_store>(options.root);
    keeper = system.spawn(
        creatives,
        creative_arguments{options, std::move(network), store, creative_tables::open(*env).value(),
                           writer, std::chrono::floor<duration>(std::chrono::system_clock::now()),
                           std::chrono::steady_clock::now(), counters});
  }
  ~studio() {
    caf::anon_send_exit(keeper, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(writer, caf::exit_reason::user_shutdown);
  }
  studio(const studio&) = delete;
  studio& operator=(const studio&) = delete;

  template <class Answer, class Question>
  result<Answer> ask(const Question& question) {
    caf::scoped_actor self{system};
    result<Answer> out = error{errc::internal, "", "no answer"};
    self->request(keeper, std::chrono::seconds{60}, question)
        .receive([&](const Answer& a) { out = a; },
                 [&](caf::error& e) {
                   out = error{errc::internal, "", system.render(e)};
                 });
    return out;
  }

 private:
  caf::actor_system_config config_;

 public:
  caf::actor_system system{config_};
  storage_writer_actor writer;
  creative_desk keeper;
  std::shared_ptr<media_store> store;
  std::shared_ptr<creative_counters> counters = std::make_shared<creative_counters>();
};

// A source for a ladder of one muxed transport stream.
inline condition_creative wanted(const std::string& source) {
  return {source,
          ladder_of({video_track("v0", stitch::container::mpeg_ts, true)}, std::chrono::seconds{2}),
          std::nullopt};
}

}  // namespace interlude::test
