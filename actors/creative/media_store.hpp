// Conditioned segments as HTTP threads serve them: memory-mapped files, kept open while they are in
// use.
//
// Names are checked, so no request leads outside of the store. Thread-safe; the lock is held for a
// table look-up only.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

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

  std::optional<mapped> find(std::string_view creative, std::string_view track,
                             std::string_view file);

 private:
  struct entry {
    mapped file;
    std::list<std::string>::iterator used;
  };

  std::string root_;
  std::size_t capacity_;
  std::mutex mutex_;
  std::unordered_map<std::string, entry> files_;
  std::list<std::string> order_;  // latest used first
};

}  // namespace interlude
