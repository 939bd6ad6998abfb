// Renditions are probed, a few at a time: a node that starts has thousands of them, each with a
// segment that is fetched, kept and given to a program.
#include <caf/all.hpp>

#include "actors/creative/creative_actor.hpp"
#include "actors/creative/segment_probe.hpp"

namespace interlude {

namespace {

constexpr std::chrono::milliseconds probe_timeout{5000};

// A worker: an actor with a thread of its own that does one job, says what came of it, and ends.
void probe_sample(caf::event_based_actor*, const segment_sample& sample, std::uint64_t id,
                  const creative_keeper& to) {
  caf::anon_send(
      to,
      segment_read{id, std::make_shared<const result<stitch::track_format>>(read_sample(sample))});
}

}  // namespace

caf::result<segment_probed> creative_state::on(const probe_rendition& wanted) {
  auto promise = self_->make_response_promise<segment_probed>();
  to_probe_.emplace_back(wanted, promise);
  start_next_probe();
  return promise;
}

void creative_state::start_next_probe() {
  while (probes_.size() < options_.max_probes && !to_probe_.empty()) {
    auto [wanted, waiting] = std::move(to_probe_.front());
    to_probe_.pop_front();
    const auto id = next_probe_++;
    const auto segment = wanted.newest();
    probes_.emplace(id, probe{segment.iv, std::move(waiting)});
    fetch_segment(*arguments_.fetcher, segment, probe_timeout, [to = me(), id](auto parts) {
      caf::anon_send(
          to, segment_fetched{id, std::make_shared<result<segment_parts>>(std::move(parts))});
    });
  }
}

void creative_state::on(const segment_fetched& m) {
  const auto it = probes_.find(m.probe);
  if (it == probes_.end()) return;
  if (!*m.parts) {
    it->second.waiting.deliver(to_caf(m.parts->error()));
    probes_.erase(it);
    return start_next_probe();
  }
  auto& parts = **m.parts;
  segment_sample sample{std::move(parts.media), std::move(parts.initialization),
                        std::move(parts.key), it->second.iv,
                        options_.root + "/probe-" + std::to_string(m.probe) + ".part"};
  self_->system().spawn<caf::detached>(probe_sample, std::move(sample), m.probe, me());
}

void creative_state::on(const segment_read& m) {
  auto node = probes_.extract(m.probe);
  if (node.empty()) return;
  if (*m.format)
    node.mapped().waiting.deliver(segment_probed{**m.format});
  else
    node.mapped().waiting.deliver(to_caf(m.format->error()));
  start_next_probe();
}

}  // namespace interlude
