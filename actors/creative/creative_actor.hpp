// The creative actor: has media conditioned and renditions probed, each once, a few at a time.
//
// Equal requests share one job, and so do sources that turn out to hold the same bytes; what was
// made is found again in the catalogue after a restart. Sources that fail are not tried again at
// once, those that keep failing are quarantined; what has not been used for longest makes room on
// the disk. Work that blocks (ffmpeg, files) runs in detached workers.
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
#include "actors/creative/creative_counters.hpp"
#include "actors/creative/creative_interface.hpp"
#include "actors/creative/creative_shelf.hpp"
#include "actors/creative/creative_status.hpp"
#include "actors/creative/job_queue.hpp"
#include "actors/creative/media_store.hpp"
#include "actors/creative/setback_book.hpp"
#include "actors/creative/source_table.hpp"
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
  double loudness = -24;  // LKFS
  shelf_limits shelf;
  setback_policy setbacks;
};

struct creative_tables {
  using table = std::shared_ptr<const storage::record_table>;
  table catalogue;  // what was made, by key
  table sources;    // what sources held, by the source's short name
  table setbacks;   // those in quarantine, likewise

  static result<creative_tables> open(const std::shared_ptr<storage::environment>& env);
};

struct creative_arguments {
  creative_options options;
  std::shared_ptr<http_fetcher> fetcher;
  std::shared_ptr<media_store> store;
  creative_tables tables;
  storage_writer_actor writer;
  instant wall_clock_base{};  // the wall clock when the actor clock showed steady_base
  std::chrono::steady_clock::time_point steady_base{};
  std::shared_ptr<creative_counters> counters = std::make_shared<creative_counters>();
};

// A worker's answer to a job. (Messages of the actor to itself.)
struct creative_made {
  std::string job;
  std::shared_ptr<const result<made_creative>> made;
};
struct source_fetched {
  std::string job;
  std::shared_ptr<result<fetch_response>> answer;
};
// A download is on disk: what it holds, as creative_identity.hpp says.
struct source_kept {
  std::string job;
  std::shared_ptr<const result<std::string>> content;
};
// Time to see what is used, and what may go.
struct look_after_shelf {};

struct segment_fetched {
  std::uint64_t probe = 0;
  std::shared_ptr<result<segment_parts>> parts;
};
struct segment_read {
  std::uint64_t probe = 0;
  std::shared_ptr<const result<stitch::track_format>> format;
};

// What channels ask, and operators.
using creative_desk =
    creative_actor::extend<caf::reacts_to<creatives_wanted>, caf::reacts_to<retry_wanted>,
                           caf::reacts_to<removal_wanted>>;
using creative_keeper =
    creative_desk::extend<caf::reacts_to<creative_made>, caf::reacts_to<source_fetched>,
                          caf::reacts_to<source_kept>, caf::reacts_to<look_after_shelf>,
                          caf::reacts_to<segment_fetched>, caf::reacts_to<segment_read>>;

class creative_state {
 public:
  static inline const char* name = "creatives";

  creative_state() = default;
  creative_state(const creative_state&) = delete;
  creative_state& operator=(const creative_state&) = delete;
  // The node ends: whatever ffmpeg is at, nobody waits for it.
  ~creative_state() { stop_.request_stop(); }

  void start(creative_keeper::pointer self, creative_arguments arguments);
  caf::result<conditioned> on(const condition_creative& wanted);
  caf::result<segment_probed> on(const probe_rendition& wanted);
  void on(const creatives_wanted& m);
  void on(const retry_wanted& m);
  void on(const removal_wanted& m);
  void on(const creative_made& m);
  void on(const source_fetched& m);
  void on(const source_kept& m);
  void on(const look_after_shelf& m);
  void on(const segment_fetched& m);
  void on(const segment_read& m);

 private:
  struct job {
    condition_creative wanted;
    std::string source;  // short name of the source
    conditioning_job work;
    creative_stage stage = creative_stage::queued;
    std::chrono::steady_clock::time_point conditioned_from{};
    std::size_t file = 0;    // of the files that could be taken: 0 is wanted.source
    std::string downloaded;  // temporary file, or folder of a stream, of a remote source
    known_source fetched;    // likewise; its content is not known yet
    // None: what is known is looked at again, and nobody waits.
    std::vector<caf::typed_response_promise<conditioned>> waiting;

    const std::string& url() const { return file == 0 ? wanted.source : wanted.others[file - 1]; }
  };
  struct probe {
    std::string iv;
    caf::typed_response_promise<segment_probed> waiting;
  };

  static caf::error to_caf(const error& e);
  creative_keeper me() const { return caf::actor_cast<creative_keeper>(self_->ctrl()); }
  instant now() const;

  // Questions (creative_actor.cpp).
  std::string key_of(const condition_creative& wanted, std::string_view content) const;
  stitch::creative_ptr known(const condition_creative& wanted, const std::string& source) const;
  void look_again(const condition_creative& wanted, const std::string& source);
  std::optional<error> refusal(const condition_creative& wanted, const std::string& source) const;
  job make_job(const condition_creative& wanted, const std::string& source) const;
  bool enqueue(const std::string& id, job j);
  void start_next();

  // Jobs (creative_jobs.cpp).
  void fetch(const std::string& id);
  void fetch_stream(const std::string& id, result<fetch_response>& playlist);
  void not_fetched(const std::string& id, const error& e);
  void work_on(const std::string& id);
  void learn(job& j, std::string content);
  void finish(const std::string& id, const result<stitch::creative_ptr>& made);
  void remember(const job& j, const error& e);

  // What is kept (creative_keeping.cpp).
  void load();
  void remove_strays();
  stitch::creative_ptr shelve(const made_creative& made);
  void make_room();
  void remove_folders(std::vector<std::string> names);
  void keep(const creative_tables::table& table, std::string key, std::string record);
  void drop(const creative_tables::table& table, std::string key);

  void start_next_probe();
  void take_stock();

  creative_keeper::pointer self_ = nullptr;
  std::stop_source stop_;  // of what workers do for us
  creative_arguments arguments_;
  creative_options options_;
  creative_shelf shelf_;
  source_table sources_;
  setback_book setbacks_;
  std::map<std::string, job> jobs_;  // queued and under way, by what was asked
  job_queue queue_;
  std::size_t running_ = 0;
  std::map<std::string, std::vector<std::string>> making_;  // jobs that wait for a key
  std::uint64_t removals_ = 0;
  std::map<std::uint64_t, probe> probes_;  // under way
  std::deque<std::pair<probe_rendition, caf::typed_response_promise<segment_probed>>> to_probe_;
  std::uint64_t next_probe_ = 0;
};

creative_keeper::behavior_type creatives(creative_keeper::stateful_pointer<creative_state> self,
                                         creative_arguments arguments);

}  // namespace interlude

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::creative_made)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::source_fetched)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::source_kept)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::look_after_shelf)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::segment_fetched)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::segment_read)
