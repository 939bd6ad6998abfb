#include "actors/creative/media_store.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace interlude {

namespace {

bool is_plain(std::string_view name, bool file) {
  if (name.empty() || name.size() > 80 || name.front() == '.') return false;
  return std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || (file && c == '.');
  });
}

error no_such_file() {
  return {errc::not_found, "", "no such file"};
}

error unreadable(int reason) {
  return {errc::internal, "", std::generic_category().message(reason)};
}

result<media_store::mapped> map_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0 && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP)) return no_such_file();
  if (fd < 0) return unreadable(errno);
  struct ::stat s {};
  void* address = MAP_FAILED;
  const bool is_media = ::fstat(fd, &s) == 0 && S_ISREG(s.st_mode) && s.st_size > 0;
  if (is_media)
    address = ::mmap(nullptr, static_cast<std::size_t>(s.st_size), PROT_READ,
                     MAP_SHARED | MAP_POPULATE, fd, 0);
  const int reason = errno;
  ::close(fd);
  if (!is_media) return no_such_file();
  if (address == MAP_FAILED) return unreadable(reason);
  const auto size = static_cast<std::size_t>(s.st_size);
  std::shared_ptr<const void> owner{
      address, [size](const void* p) { ::munmap(const_cast<void*>(p), size); }};
  return media_store::mapped{std::move(owner), {static_cast<const char*>(address), size}};
}

}  // namespace

result<media_store::mapped> media_store::find(std::string_view creative, std::string_view track,
                                              std::string_view file) {
  if (!is_plain(creative, false) || !is_plain(track, false) || !is_plain(file, true))
    return no_such_file();
  std::string name{creative};
  name.append("/").append(track).append("/").append(file);
  {
    const std::lock_guard lock{mutex_};
    if (const auto it = creatives_.find(creative); it != creatives_.end()) it->second.used = true;
    if (const auto it = files_.find(name); it != files_.end()) {
      order_.splice(order_.begin(), order_, it->second.used);
      return it->second.file;
    }
  }
  auto found = map_file(root_ + "/" + name);
  if (!found) return found;
  const std::lock_guard lock{mutex_};
  if (files_.contains(name)) return found;
  order_.push_front(name);
  files_.emplace(std::move(name), entry{*found, order_.begin()});
  if (files_.size() > capacity_) {
    files_.erase(order_.back());
    order_.pop_back();
  }
  return found;
}

void media_store::add(const std::string& creative, bool offered) {
  const std::lock_guard lock{mutex_};
  creatives_[creative].offered = offered;
}

void media_store::withdraw(std::string_view creative) {
  const std::lock_guard lock{mutex_};
  if (const auto it = creatives_.find(creative); it != creatives_.end()) it->second.offered = false;
}

bool media_store::use(std::string_view creative) {
  const std::lock_guard lock{mutex_};
  const auto it = creatives_.find(creative);
  if (it == creatives_.end()) return false;
  it->second.used = true;
  return it->second.offered;
}

std::vector<std::string> media_store::take_used() {
  std::vector<std::string> out;
  const std::lock_guard lock{mutex_};
  for (auto& [creative, p] : creatives_)
    if (std::exchange(p.used, false)) out.push_back(creative);
  return out;
}

bool media_store::retire(std::string_view creative) {
  const std::lock_guard lock{mutex_};
  const auto it = creatives_.find(creative);
  if (it != creatives_.end() && it->second.used) return false;
  if (it != creatives_.end()) creatives_.erase(it);
  // Files that stay mapped would keep their room on the disk.
  for (auto used = order_.begin(); used != order_.end();) {
    if (used->size() <= creative.size() || !used->starts_with(creative) ||
        (*used)[creative.size()] != '/') {
      ++used;
      continue;
    }
    files_.erase(*used);
    used = order_.erase(used);
  }
  return true;
}

}  // namespace interlude
