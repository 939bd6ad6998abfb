#include "actors/analytics/rotated_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

namespace interlude {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view ending = ".jsonl", unfinished = ".part";

error failure(const std::string& where, std::string_view what, int code) {
  return {errc::internal, where, std::string{what} + ": " + std::strerror(code)};
}

// "20261124T172101.000Z"
std::string compact(instant t) {
  auto out = format_iso8601(t);
  std::erase_if(out, [](char c) { return c == '-' || c == ':'; });
  return out;
}

// How much of a file is whole lines.
std::uint64_t whole_lines(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  std::uint64_t at = 0, end = 0;
  std::string piece(64 * 1024, '\0');
  while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())), in.gcount() > 0) {
    const auto got = static_cast<std::size_t>(in.gcount());
    const auto newline = std::string_view{piece.data(), got}.rfind('\n');
    if (newline != std::string_view::npos) end = at + newline + 1;
    at += got;
  }
  return end;
}

// Files of ours with that ending, in the order of their names: that of their times.
std::vector<fs::path> files_in(const rotated_file_options& o, std::string_view last) {
  std::vector<fs::path> out;
  std::error_code ec;
  for (fs::directory_iterator it{o.folder, ec}, end; !ec && it != end; it.increment(ec)) {
    const auto name = it->path().filename().string();
    if (name.starts_with(o.prefix + '-') && name.ends_with(last)) out.push_back(it->path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

// What it is called then must be on disk, too.
void sync_folder(const std::string& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

}  // namespace

result<rotated_file> rotated_file::open(const rotated_file_options& options) {
  std::error_code ec;
  fs::create_directories(options.folder, ec);
  if (ec) return error{errc::internal, options.folder, "cannot be made: " + ec.message()};
  if (::access(options.folder.c_str(), W_OK | X_OK) != 0)
    return failure(options.folder, "cannot be written to", errno);
  rotated_file out{options};
  if (auto done = out.finish_those_left(); !done) return done.error();
  out.remove_old();
  return out;
}

rotated_file::rotated_file(rotated_file&& other) noexcept
    : options_(std::move(other.options_)),
      file_(std::exchange(other.file_, -1)),
      name_(std::move(other.name_)),
      bytes_(other.bytes_),
      day_(other.day_) {}

rotated_file::~rotated_file() {
  if (file_ >= 0) ::close(file_);
}

result<bool> rotated_file::finish_those_left() {
  std::error_code ec;
  for (const auto& path : files_in(options_, std::string{ending} + std::string{unfinished})) {
    const auto size = whole_lines(path);
    if (size == 0) {
      fs::remove(path, ec);
      continue;
    }
    fs::resize_file(path, size, ec);
    auto finished = path.string();
    finished.resize(finished.size() - unfinished.size());
    if (!ec) fs::rename(path, finished, ec);
    if (ec) return error{errc::internal, path.string(), "cannot be finished: " + ec.message()};
  }
  return true;
}

result<bool> rotated_file::begin(instant now) {
  const auto stem = options_.folder + '/' + options_.prefix + '-' + compact(now);
  for (int i = 1;; ++i) {
    name_ = stem + (i > 1 ? '_' + std::to_string(i) : "") + std::string{ending};
    if (::access(name_.c_str(), F_OK) != 0) break;
  }
  const auto path = name_ + std::string{unfinished};
  file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0640);
  if (file_ < 0) return failure(path, "cannot be written", errno);
  bytes_ = 0;
  day_ = std::chrono::floor<std::chrono::days>(now);
  return true;
}

result<bool> rotated_file::write(std::string_view lines, instant now) {
  if (auto done = tick(now); !done) return done;
  if (file_ >= 0 && bytes_ > 0 && bytes_ + lines.size() > options_.rotate_bytes)
    if (auto done = finish(); !done) return done;
  if (file_ < 0)
    if (auto done = begin(now); !done) return done;
  auto left = lines;
  while (!left.empty()) {
    const auto n = ::write(file_, left.data(), left.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const auto code = errno;
      // Half a line is worse than none.
      if (::ftruncate(file_, static_cast<off_t>(bytes_)) != 0) (void)finish();
      return failure(name_, "cannot be written", code);
    }
    left.remove_prefix(static_cast<std::size_t>(n));
  }
  bytes_ += lines.size();
  return true;
}

result<bool> rotated_file::tick(instant now) {
  if (file_ < 0 || std::chrono::floor<std::chrono::days>(now) <= day_) return true;
  return finish();
}

result<bool> rotated_file::finish() {
  if (file_ < 0) return true;
  const auto path = name_ + std::string{unfinished};
  ::fsync(file_);
  ::close(std::exchange(file_, -1));
  if (bytes_ == 0) {
    ::unlink(path.c_str());
    return true;
  }
  if (::rename(path.c_str(), name_.c_str()) != 0) return failure(path, "cannot be finished", errno);
  sync_folder(options_.folder);
  remove_old();
  return true;
}

void rotated_file::remove_old() const {
  if (options_.keep == 0) return;
  const auto finished = files_in(options_, ending);
  std::error_code ec;
  for (std::size_t i = 0; i + options_.keep < finished.size(); ++i) fs::remove(finished[i], ec);
}

}  // namespace interlude
