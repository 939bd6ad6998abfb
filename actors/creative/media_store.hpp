// Conditioned segments as HTTP threads serve them: memory-mapped files, kept open while they are in
// use.
//
// Names are checked, so no request leads outside of the store. It also knows which creatives there
// are and which have been used, by whom ever: the creative actor removes none that is in use, and a
// channel that is about to play one is told when it is gone. Thread-safe; the lock is held for
// table look-ups only.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "media/core/result.hpp"
#include "media/core/text_hash.hpp"

namespace interlude {

class media_store {
 public:
  struct mapped {
    std::shared_ptr<const void> owner;
    std::string_view bytes;
  };

  // `root` holds "<creative>/<track>/<file>". At most `capacity` files stay mapped beyond their
  // use.
  explicit media_store(std::string root, std::size_t capacity = 4096)
      : root_(std::move(root)), capacity_(capacity) {}

  // errc::not_found: there is no such file; errc::internal: it cannot be read now.
  result<mapped> find(std::string_view creative, std::string_view track, std::string_view file);

  // For the creative actor. `offered`: to be used in new plans.
  void add(const std::string& creative, bool offered);
  void withdraw(std::string_view creative);
  // Those that have been used since this was last asked.
  std::vector<std::string> take_used();
  // It is to be removed: false, and nothing done, if it has been used since take_used().
  bool retire(std::string_view creative);

  // It plays, or is about to. False if it is not there any more for what is to be planned.
  bool use(std::string_view creative);

 private:
  struct presence {
    bool offered = true, used = false;
  };
  struct entry {
    mapped file;
    std::list<std::string>::iterator used;
  };

  std::string root_;
  std::size_t capacity_;
  std::mutex mutex_;
  std::unordered_map<std::string, entry> files_;
  std::list<std::string> order_;  // latest used first
  std::unordered_map<std::string, presence, text_hash, std::equal_to<>> creatives_;
};

}  // namespace interlude
