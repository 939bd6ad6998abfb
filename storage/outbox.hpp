// What has to be sent, durable until it has been, or nobody wants it any more.
//
// An entry stands in one of many queues (one for each destination, so that a slow one is in
// nobody's way), in the order in which entries are due. What is being sent stays where it stands: a
// process that is killed sends it again, and nothing that was confirmed. What was given up is kept
// apart, to be looked at and sent again. A record is bytes that its owner understands. Reads are
// safe from any thread; changes are for use inside of a write transaction, and keep what they are
// told by their callers (times, for one) so that a transaction may run twice.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/core/time.hpp"
#include "storage/environment.hpp"

namespace interlude::storage {

struct outbox_place {
  std::uint64_t queue = 0;
  instant due{};         // to the millisecond
  std::uint64_t id = 0;  // of this entry alone, ever
  friend auto operator<=>(const outbox_place&, const outbox_place&) = default;
};

struct outbox_entry {
  outbox_place place;
  std::string record;
};

// Of those that were given up.
struct dead_entry {
  std::string name;    // of this entry alone, ever; sorts by when it was given up
  instant given_up{};  // to the millisecond
  std::string record;
};

struct outbox_options {
  std::uint64_t max_entries = 5'000'000;
  std::uint64_t max_dead = 100'000;  // then the oldest are forgotten
};

class outbox {
 public:
  static result<outbox> open(std::shared_ptr<environment> env, const outbox_options& options = {});

  // --- inside of a write transaction

  bool has_room(const transaction& t, std::size_t entries) const {
    return t.size(entries_) + entries <= options_.max_entries;
  }
  // So many ids that nothing has had, of which this is the first.
  std::uint64_t new_ids(transaction& t, std::uint64_t count) const;
  // nullopt, and nothing is kept: it is full. `id` is a new one.
  std::optional<outbox_place> put(transaction& t, std::uint64_t queue, instant due,
                                  std::uint64_t id, std::string_view record) const;
  std::optional<outbox_place> put(transaction& t, std::uint64_t queue, instant due,
                                  std::string_view record) const {
    return put(t, queue, due, new_ids(t, 1), record);
  }
  // False: it was not there.
  bool erase(transaction& t, const outbox_place& place) const;
  // To a later time, with another record: where it stands then. What is not there stays away.
  std::optional<outbox_place> postpone(transaction& t, const outbox_place& place, instant due,
                                       std::string_view record) const;
  // How many others were forgotten for it.
  std::size_t bury(transaction& t, const outbox_place& place, instant now,
                   std::string_view record) const;
  // A record that was given up, if it is there; it is not any more.
  std::optional<std::string> exhume(transaction& t, std::string_view name) const;
  // Writes, and changes nothing: to find out whether that works.
  void touch(transaction& t) const;

  // --- from any thread

  const outbox_options& options() const noexcept { return options_; }
  // Entries of a queue, from `from` on, until `visit` returns false. What it is shown is gone when
  // this returns.
  result<bool> each(
      std::uint64_t queue, const outbox_place& from,
      const std::function<bool(const outbox_place&, std::string_view record)>& visit) const;
  // The first of a queue, from `from` on.
  result<std::vector<outbox_entry>> some(std::uint64_t queue, const outbox_place& from,
                                         std::size_t most) const;
  // The first entry of each queue that has any, of at most so many queues.
  result<std::vector<outbox_place>> first_of_each(
      std::size_t most = std::numeric_limits<std::size_t>::max()) const;
  // How many there are in a queue; counted no further than to `most`.
  result<std::uint64_t> count(std::uint64_t queue, std::uint64_t most) const;
  result<std::uint64_t> ids_given() const;  // all are less than that
  result<std::uint64_t> size() const { return env_->size(entries_); }
  result<std::uint64_t> dead_size() const { return env_->size(dead_); }
  // In the order in which they were given up, those after `after` (empty: from the first).
  result<std::vector<dead_entry>> dead(std::string_view after, std::size_t most) const;
  result<std::optional<dead_entry>> find_dead(std::string_view name) const;

 private:
  outbox(std::shared_ptr<environment> env, const outbox_options& options)
      : env_(std::move(env)), options_(options) {}

  std::shared_ptr<environment> env_;
  outbox_options options_;
  MDB_dbi entries_ = 0;  // queue, due, id -> record
  MDB_dbi dead_ = 0;     // when, id -> record
  MDB_dbi ids_ = 0;      // "next" -> id
};

}  // namespace interlude::storage
