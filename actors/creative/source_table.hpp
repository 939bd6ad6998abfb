// What the sources that were fetched turned out to hold, so that a later question for the same
// needs no download: for an hour the table is believed, then the server is asked whether anything
// has changed.
//
// Bounded; what was looked at longest ago makes room. Plain object; the owner keeps record_of().
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "media/core/time.hpp"

namespace interlude {

struct known_source {
  std::string content;              // SHA-256
  std::string url;                  // it was fetched from
  std::string etag, last_modified;  // of that answer
  instant fresh_until{};
};

class source_table {
 public:
  explicit source_table(std::size_t capacity = 16'384) : capacity_(capacity) {}

  const known_source* find(const std::string& key) const;
  // The key of what was forgotten to make room.
  std::optional<std::string> put(const std::string& key, known_source s);

 private:
  std::size_t capacity_;
  std::map<std::string, known_source> table_;
};

// Header fields that ask for `url` only if it has changed. A strong entity tag also holds for a URL
// that differs in its query (a token, a cache-buster); all else for the very same URL only.
std::vector<std::pair<std::string, std::string>> conditions_of(const known_source& s,
                                                               std::string_view url);

std::string record_of(const known_source& s);
std::optional<known_source> read_source(std::string_view record);

}  // namespace interlude
