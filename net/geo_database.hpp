// Where an address is, as a database in MaxMind's format says (MaxMind DB file format 2.0, with the
// records of GeoIP2 and GeoLite2 Country or City, or of others who write them alike).
//
// The file is copied into memory: whoever replaces it, even by writing over it, cannot pull it away
// beneath a reader. find() may be called from every thread while refresh() looks whether the file
// has changed; the watch does that once a minute, on a thread of its own.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "media/core/result.hpp"

namespace interlude::net {

// Empty where nothing is known.
struct place {
  std::string country;  // ISO 3166-1: "DE"
  std::string region;   // ISO 3166-2: "DE-BE"
  friend bool operator==(const place&, const place&) = default;
};

class geo_database {
 public:
  // Errors name the file: errc::not_found if it cannot be read, errc::malformed if it is none,
  // errc::too_large above 1 GiB.
  static result<std::shared_ptr<geo_database>> open(std::string file);

  place find(const boost::asio::ip::address& address) const;

  // Takes the file anew if it is another than last time; true if it did. On an error what there was
  // stays, and the same file is not tried again. From one thread at a time.
  result<bool> refresh();
  const std::string& file() const noexcept { return file_; }

 private:
  class content;
  // What tells one version of the file from the next.
  struct mark {
    std::uint64_t device = 0, number = 0, size = 0;
    std::int64_t changed = 0;  // nanoseconds
    friend bool operator==(const mark&, const mark&) = default;
  };

  explicit geo_database(std::string file) : file_(std::move(file)) {}
  static result<mark> look_at(const std::string& file);
  std::shared_ptr<const content> current() const;

  const std::string file_;
  mark mark_;
  mutable std::mutex mutex_;  // held for one copy of the pointer
  std::shared_ptr<const content> content_;
};

// Refreshes a database in intervals, until it is destroyed; logs what came of it.
class geo_watch {
 public:
  explicit geo_watch(std::shared_ptr<geo_database> database,
                     std::chrono::milliseconds interval = std::chrono::minutes{1});

 private:
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;
};

}  // namespace interlude::net
