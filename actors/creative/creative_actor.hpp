// The creative actor: has media conditioned and renditions probed, each once, a few at a time.
//
// Equal requests share one job; what was made is found again in the catalogue after a restart, as
// long as its files are there. Sources that fail are not tried again at once: 30 s, doubling to 10
// minutes. Work that blocks (ffmpeg, files) runs in detached workers.
#pragma once

#include <caf/fwd.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <deque>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "actors/creative/conditioner.hpp"
#include "actors/creative/creative_interface.hpp"
#include "actors/http_fetcher.hpp"
#include "actors/segment_parts.hpp"
#include "actors/storage_writer.hpp"
#include "storage/record_table.hpp"

namespace interlude {

struct creative_options {
  std::string root;  // "<data>/creatives"
  std::size_t max_jobs = 1;
  std::size_t max_queue = 256;
  std::size_t max_probes = 8;
  std::chrono::milliseconds job_timeout{120'000};
  std::size_t max_source_bytes = std::size_t{512} * 1024 * 1024;
};

// A worker's answer to a job. (Messages of the actor to itself.)
struct creative_made {
  std::string key;
  std::shared_ptr<const result<stitch::creative>> made;
};
struct source_fetched {
  std::string key;
  std::shared_ptr<result<fetch_response>> answer;
};

struct segment_fetched {
  std::uint64_t probe = 0;
  std::shared_ptr<result<segment_parts>> parts;
};
struct segment_read {
  std::uint64_t probe = 0;
  std::shared_ptr<const result<stitch::track_format>> format;
};

using creative_keeper =
    creative_actor::extend<caf::reacts_to<creative_made>, caf::reacts_to<source_fetched>,
                           caf::reacts_to<segment_fetched>, caf::reacts_to<segment_read>>;

class creative_state {
 public:
  static inline const char* name = "creatives";

  creative_state() = default;
  creative_state(const creative_state&) = delete;
  creative_state& operator=(const creative_state&) = delete;
  // The node ends: whatever ffmpeg is at, nobody waits for it.
  ~creative_state() { stop_.request_stop(); }

  void start(creative_keeper::pointer self, creative_options options,
             std::shared_ptr<http_fetcher> fetcher,
             std::shared_ptr<storage::record_table> catalogue, storage_writer_actor writer);
  caf::result<conditioned> on(const condition_creative& wanted);
  caf::result<segment_probed> on(const probe_rendition& wanted);
  void on(const creative_made& m);
  void on(const source_fetched& m);
  void on(const segment_fetched& m);
  void on(const segment_read& m);

 private:
  struct job {
    condition_creative wanted;
    conditioning_job work;
    std::string downloaded;  // temporary file of a remote source
    std::vector<caf::typed_response_promise<conditioned>> waiting;
  };
  struct probe {
    std::string iv;
    caf::typed_response_promise<segment_probed> waiting;
  };
  struct setback {
    std::chrono::steady_clock::time_point until{};
    std::uint32_t failures = 0;
    std::string why;
  };

  static caf::error to_caf(const error& e);
  creative_keeper me() const { return caf::actor_cast<creative_keeper>(self_->ctrl()); }
  stitch::creative_ptr known(const std::string& key);
  void start_next();
  void start_next_probe();
  void work_on(const std::string& key);
  void finish(const std::string& key, const result<stitch::creative>& made);
  void remember(const std::string& source, const error& e);

  creative_keeper::pointer self_ = nullptr;
  std::stop_source stop_;  // of what workers do for us
  creative_options options_;
  std::shared_ptr<http_fetcher> fetcher_;
  std::shared_ptr<storage::record_table> catalogue_;
  storage_writer_actor writer_;
  std::map<std::string, stitch::creative_ptr> made_;
  std::map<std::string, job> jobs_;  // queued and under way
  std::deque<std::string> queue_;
  std::size_t running_ = 0;
  std::map<std::string, setback> setbacks_;  // by source
  std::map<std::uint64_t, probe> probes_;    // under way
  std::deque<std::pair<probe_rendition, caf::typed_response_promise<segment_probed>>> to_probe_;
  std::uint64_t next_probe_ = 0;
};

creative_keeper::behavior_type creatives(creative_keeper::stateful_pointer<creative_state> self,
                                         creative_options options,
                                         std::shared_ptr<http_fetcher> fetcher,
                                         std::shared_ptr<storage::record_table> catalogue,
                                         storage_writer_actor writer);

}  // namespace interlude

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::creative_made)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::source_fetched)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::segment_fetched)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::segment_read)
