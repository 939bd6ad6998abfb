// Lines in files that somebody else takes away: one is written to, and is finished when it is large
// enough, at midnight UTC, and at the end.
//
// The one that is written to is "<prefix>-<time of its first line>.jsonl.part"; finished, it loses
// the ".part" in one step, never to be changed again. What another life has left behind is finished
// when the next begins, without the line that it did not end. Of finished files the latest are
// kept. One owner, one thread; time is an argument.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "media/core/result.hpp"
#include "media/core/time.hpp"

namespace interlude {

struct rotated_file_options {
  std::string folder;
  std::string prefix = "events";
  std::uint64_t rotate_bytes = 64 * 1024 * 1024;
  std::uint64_t keep = 100;  // finished ones; 0: all
};

class rotated_file {
 public:
  // Makes the folder.
  static result<rotated_file> open(const rotated_file_options& options);
  ~rotated_file();
  rotated_file(rotated_file&& other) noexcept;
  rotated_file& operator=(rotated_file&&) = delete;

  // Whole lines. On an error nothing of them is in the file.
  result<bool> write(std::string_view lines, instant now);
  // Finishes the file if its day is over.
  result<bool> tick(instant now);
  // Finishes what there is.
  result<bool> finish();

 private:
  explicit rotated_file(const rotated_file_options& options) : options_(options) {}

  result<bool> begin(instant now);
  result<bool> finish_those_left();
  void remove_old() const;

  rotated_file_options options_;
  int file_ = -1;
  std::string name_;  // of the file that is written to, without ".part"
  std::uint64_t bytes_ = 0;
  std::chrono::sys_days day_{};
};

}  // namespace interlude
