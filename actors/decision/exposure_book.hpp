// The book of exposures: who has been shown what, so that nobody is shown too much of the same.
//
// Chooses the ads of a break and writes them down in one step, under a lock of the viewer's, so
// that decisions made at the same time keep the caps together. Kept in the store, under a salted
// hash of the viewer's id; in memory are those of whom there was a question lately. A viewer is
// read from the store, which is a matter of microseconds, when there is a first question of it.
//
// An exposure counts from the moment it is chosen. It is durable when the write that comes with it
// has been done; send that to the storage writer, and wait for it before anybody is shown the ads.
// Writes may be done in any order. A viewer with writes under way is not dropped from memory: a
// write that is never sent must not be kept for long. Thread-safe.
#pragma once

#include <array>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "actors/decision/exposure_record.hpp"
#include "actors/storage_writer.hpp"
#include "ads/pod/choose_pod.hpp"
#include "storage/record_table.hpp"

namespace interlude {

struct exposure_book_options {
  duration keep{0};                  // the longest window of all channels
  std::size_t max_viewers = 20'000;  // in memory
};

struct refused_ad {
  std::size_t place = 0;  // in the candidates
  std::string why;
  bool capped = false;  // by what its viewer is shown; else there was no room for it
};

// Exposures that were written down, in the order in which they play.
struct exposures_taken {
  std::string viewer;  // hashed; empty: nothing was written down
  std::vector<ads::exposure> exposures;
};

struct exposure_choice {
  std::vector<std::size_t> places;  // in the candidates, in the order in which they play
  std::vector<refused_ad> refused;  // all others
  exposures_taken taken;
  std::optional<store_write> write;  // nothing: there is nothing to be kept
};

class exposure_book {
 public:
  // Makes its table and its salt if they are not there: at start-up.
  static result<std::shared_ptr<exposure_book>> open(std::shared_ptr<storage::environment> env,
                                                     const exposure_book_options& options);

  // `at`: when the ads play. Without a viewer (an empty id: an unknown one, or an audience) nothing
  // is remembered: only what is true of everybody holds, that within the pod. If the store cannot
  // be read, all are refused: a cap is a promise.
  exposure_choice choose(std::string_view viewer, std::span<const ads::pod_candidate> candidates,
                         duration budget, const ads::pod_rules& rules, instant at);

  // What is not going to be shown after all, in whole or in part. Returns the write that keeps
  // this.
  std::optional<store_write> give_back(const exposures_taken& taken);

  // Looks at the next `most` viewers in the store, round and round, and returns the write that
  // takes out those who have not been shown anything for longer than anybody wants to know.
  std::optional<store_write> sweep(instant now, std::size_t most);

  std::size_t viewers_in_memory() const;

 private:
  // The writes under way have a share in the key.
  struct known_viewer {
    std::shared_ptr<const std::string> key;
    exposure_record record;
  };
  struct shard {
    mutable std::mutex guard;
    std::list<known_viewer> recent;  // the latest first
    std::unordered_map<std::string, std::list<known_viewer>::iterator> by_key;
  };

  exposure_book(storage::record_table records, std::string salt,
                const exposure_book_options& options);

  std::string key_of(std::string_view viewer) const;
  shard& shard_of(const std::string& key);
  result<known_viewer*> load(shard& s, const std::string& key);
  void make_room(shard& s) const;
  store_write changed(known_viewer& v) const;

  storage::record_table records_;
  std::string salt_;
  duration keep_;
  std::size_t max_in_shard_;
  std::array<shard, 64> shards_;
  std::mutex sweeping_;
  std::string next_to_sweep_;
};

}  // namespace interlude
