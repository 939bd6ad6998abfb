#include "actors/decision/exposure_sweeper.hpp"

#include <caf/all.hpp>

namespace interlude {

exposure_sweeper::behavior_type sweep_exposures(exposure_sweeper::pointer self,
                                                sweeper_arguments arguments) {
  const auto again = [self] {
    self->delayed_send(caf::actor_cast<exposure_sweeper>(self->ctrl()), sweep_every, sweep_due{});
  };
  again();
  return {[self, again, a = std::move(arguments)](sweep_due) {
    const auto now = a.wall_clock_base +
                     std::chrono::duration_cast<duration>(self->clock().now() - a.steady_base);
    if (auto write = a.exposures->sweep(now, swept_at_a_time))
      caf::anon_send(a.writer, *std::move(write));
    again();
  }};
}

}  // namespace interlude
