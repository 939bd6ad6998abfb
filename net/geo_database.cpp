#include "net/geo_database.hpp"

#include <fcntl.h>
#include <maxminddb.h>
#include <spdlog/spdlog.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "net/address_range.hpp"

namespace interlude::net {

namespace {

constexpr std::uint64_t largest = 1ull << 30;

class descriptor {
 public:
  explicit descriptor(int fd) : fd_(fd) {}
  ~descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }

 private:
  int fd_;
};

bool write_all(int to, const char* bytes, std::size_t size) {
  while (size > 0) {
    const auto n = ::write(to, bytes, size);
    if (n <= 0) return false;
    bytes += n;
    size -= static_cast<std::size_t>(n);
  }
  return true;
}

error unreadable(const std::string& file) {
  return {errc::not_found, file,
          std::string{"the geo database cannot be read: "} + std::strerror(errno)};
}

// Reads to the end, however long the file was said to be.
result<bool> copy(const descriptor& from, const descriptor& to, const std::string& file) {
  std::array<char, 64 * 1024> piece;
  std::uint64_t total = 0;
  for (;;) {
    const auto n = ::read(from.get(), piece.data(), piece.size());
    if (n == 0) return true;
    if (n < 0) return unreadable(file);
    total += static_cast<std::uint64_t>(n);
    if (total > largest) return error{errc::too_large, file, "at most 1 GiB is expected"};
    if (!write_all(to.get(), piece.data(), static_cast<std::size_t>(n)))
      return error{errc::internal, file, "there is no memory for it"};
  }
}

error damaged(const std::string& file, int why) {
  return {errc::malformed, file,
          std::string{"this is no geo database (mmdb), or a damaged one: "} + MMDB_strerror(why)};
}

// The text at a path of an entry; empty if there is none.
template <class... Path>
std::string_view text_at(MMDB_entry_s entry, Path... path) {
  MMDB_entry_data_s data{};
  const char* const end = nullptr;
  if (MMDB_get_value(&entry, &data, path..., end) != MMDB_SUCCESS) return {};
  if (!data.has_data || data.type != MMDB_DATA_TYPE_UTF8_STRING) return {};
  return {data.utf8_string, data.data_size};
}

bool is_code(std::string_view text, std::size_t least, std::size_t most) {
  return text.size() >= least && text.size() <= most &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

}  // namespace

class geo_database::content {
 public:
  static result<std::shared_ptr<const content>> read(const std::string& file);

  content() = default;
  ~content() {
    if (open_) MMDB_close(&database_);
  }
  content(const content&) = delete;
  content& operator=(const content&) = delete;

  place find(const boost::asio::ip::address& address) const {
    place out;
    int why = MMDB_SUCCESS;
    auto found = look_up(address, why);
    if (why != MMDB_SUCCESS || !found.found_entry) return out;
    const auto country = text_at(found.entry, "country", "iso_code");
    if (!is_code(country, 2, 2)) return out;
    out.country = country;
    const auto region = text_at(found.entry, "subdivisions", "0", "iso_code");
    if (is_code(region, 1, 3)) (out.region = country).append("-").append(region);
    return out;
  }

 private:
  MMDB_lookup_result_s look_up(const boost::asio::ip::address& address, int& why) const {
    const boost::asio::ip::tcp::endpoint socket_address{unmapped(address), 0};
    return MMDB_lookup_sockaddr(&database_, socket_address.data(), &why);
  }

  bool open_ = false;
  MMDB_s database_{};
};

result<std::shared_ptr<const geo_database::content>> geo_database::content::read(
    const std::string& file) {
  const descriptor from{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!from) return unreadable(file);
  const descriptor memory{::memfd_create("geo_database", MFD_CLOEXEC)};
  if (!memory) return error{errc::internal, file, std::strerror(errno)};
  if (const auto copied = copy(from, memory, file); !copied) return copied.error();
  auto out = std::make_shared<content>();
  const auto name = "/proc/self/fd/" + std::to_string(memory.get());
  int why = MMDB_open(name.c_str(), MMDB_MODE_MMAP, &out->database_);
  if (why != MMDB_SUCCESS) return damaged(file, why);
  out->open_ = true;
  // What is cut off in its middle has its end, and is found out only by looking something up.
  for (const char* text : {"1.1.1.1", "81.2.69.142", "203.0.113.1", "250.0.0.1"}) {
    const auto found = out->look_up(boost::asio::ip::make_address(text), why);
    MMDB_entry_data_list_s* list = nullptr;
    if (why == MMDB_SUCCESS && found.found_entry) {
      auto entry = found.entry;
      why = MMDB_get_entry_data_list(&entry, &list);
      MMDB_free_entry_data_list(list);
    }
    if (why != MMDB_SUCCESS) return damaged(file, why);
  }
  return std::shared_ptr<const content>{std::move(out)};
}

result<geo_database::mark> geo_database::look_at(const std::string& file) {
  struct stat s {};
  if (::stat(file.c_str(), &s) != 0) return unreadable(file);
  if (!S_ISREG(s.st_mode)) return error{errc::not_found, file, "the geo database is not a file"};
  return mark{s.st_dev, s.st_ino, static_cast<std::uint64_t>(s.st_size),
              s.st_mtim.tv_sec * 1'000'000'000 + s.st_mtim.tv_nsec};
}

result<std::shared_ptr<geo_database>> geo_database::open(std::string file) {
  std::shared_ptr<geo_database> out{new geo_database{std::move(file)}};
  if (const auto done = out->refresh(); !done) return done.error();
  return out;
}

result<bool> geo_database::refresh() {
  const auto now = look_at(file_);
  if (!now) return now.error();
  if (*now == mark_) return false;
  // Before it is read: what is written meanwhile makes another mark.
  mark_ = *now;
  auto fresh = content::read(file_);
  if (!fresh) return fresh.error();
  const std::lock_guard lock{mutex_};
  content_ = *std::move(fresh);
  return true;
}

std::shared_ptr<const geo_database::content> geo_database::current() const {
  const std::lock_guard lock{mutex_};
  return content_;
}

place geo_database::find(const boost::asio::ip::address& address) const {
  return current()->find(address);
}

geo_watch::geo_watch(std::shared_ptr<geo_database> database, std::chrono::milliseconds interval)
    : thread_([this, database = std::move(database), interval](const std::stop_token& stop) {
        std::string last;  // said once, not every minute
        for (;;) {
          {
            std::unique_lock lock{mutex_};
            if (stopped_.wait_for(lock, stop, interval, [&] { return stop.stop_requested(); }))
              return;
          }
          const auto fresh = database->refresh();
          const auto problem = fresh ? std::string{} : fresh.error().message();
          if (!fresh && problem != last)
            spdlog::warn("{}; the one that was read before stays in use", problem);
          if (fresh && *fresh) spdlog::info("{}: read anew", database->file());
          last = problem;
        }
      }) {}

}  // namespace interlude::net
