// What of a channel's timeline is on disk, and what has to be written so that all of it is.
//
// A plain object of the channel actor. Records: the channel's path, and the path with each of its
// audiences; only those that have changed are written.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/storage_writer.hpp"
#include "media/stitch/channel_timeline.hpp"
#include "storage/record_table.hpp"

namespace interlude {

class timeline_keeper {
 public:
  timeline_keeper() = default;
  // Null `table`: nothing is kept.
  timeline_keeper(std::shared_ptr<storage::record_table> table, std::string path)
      : table_(std::move(table)), path_(std::move(path)) {}

  // What another process has kept; nullopt if nothing.
  result<std::optional<stitch::timeline_state>> read() const;

  // What is to be written for viewers to be shown `t` as it is; nullopt: it is all there. What this
  // names is taken to be on disk from then on, unless lost() follows. `follows`: it waited for a
  // write, and is not to wait again for what that one tried in vain.
  std::optional<store_write> changes(stitch::channel_timeline& t, bool follows);
  // It could not be written: next time all is.
  void lost() noexcept { lost_ = true; }
  void drop(const std::string& audience);

 private:
  void collect_audiences(stitch::channel_timeline& t,
                         std::vector<std::pair<std::string, std::string>>& records);
  std::string record_of(const std::string& audience) const { return path_ + '\n' + audience; }

  std::shared_ptr<storage::record_table> table_;
  std::string path_;
  std::optional<stitch::channel_marks> channel_;
  std::map<std::string, stitch::audience_marks> audiences_;
  stitch::creative_table creatives_;  // that stand in the channel's record
  std::size_t creatives_needed_ = 0;  // when that was last begun anew
  std::vector<std::string> dropped_;
  bool lost_ = false;
};

}  // namespace interlude
