#include "actors/creative/ffmpeg_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

extern char** environ;

namespace interlude {

namespace {

using clock = std::chrono::steady_clock;

constexpr std::size_t max_output = 1024 * 1024;
constexpr std::size_t kept_errors = 2000;
constexpr int nice_level = 10;

struct descriptor {
  int fd = -1;
  ~descriptor() { reset(); }
  void reset() {
    if (fd >= 0) ::close(fd);
    fd = -1;
  }
};

struct pipe_pair {
  descriptor read, write;
  bool open() {
    std::array<int, 2> fds{};
    if (::pipe2(fds.data(), O_CLOEXEC) != 0) return false;
    read.fd = fds[0];
    write.fd = fds[1];
    return true;
  }
};

error failure(const std::string& program, std::string what) {
  return {errc::internal, program, std::move(what)};
}

int start(const std::vector<std::string>& arguments, int out, int err, pid_t& pid) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out, 1);
  posix_spawn_file_actions_adddup2(&actions, err, 2);
  // Asio's sockets are inherited: a child that outlives a killed node would keep its port.
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  sigset_t none, defaults;
  sigemptyset(&none);
  sigemptyset(&defaults);
  for (const int s : {SIGPIPE, SIGTERM, SIGINT}) sigaddset(&defaults, s);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  std::vector<char*> argv;
  for (const auto& a : arguments) argv.push_back(const_cast<char*>(a.c_str()));
  argv.push_back(nullptr);
  const int code = ::posix_spawnp(&pid, argv[0], &actions, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (code == 0) ::setpriority(PRIO_PROCESS, static_cast<id_t>(pid), nice_level);
  return code;
}

// Appends what is there; false at the end of the stream.
bool drain(int fd, std::string& into, std::size_t keep, bool keep_end) {
  std::array<char, 8192> chunk;
  const auto n = ::read(fd, chunk.data(), chunk.size());
  if (n < 0 && errno == EINTR) return true;
  if (n <= 0) return false;
  into.append(chunk.data(), static_cast<std::size_t>(n));
  if (into.size() > keep) keep_end ? void(into.erase(0, into.size() - keep)) : into.resize(keep);
  return true;
}

// Reads both pipes until they end; false when the time is up, or nobody wants the rest.
bool read_all(pipe_pair& out, pipe_pair& err, std::string& output, std::string& errors,
              clock::time_point deadline, const std::stop_token& stop) {
  const std::int64_t nap = stop.stop_possible() ? 100 : 60'000;  // ms
  bool out_open = true, err_open = true;
  while (out_open || err_open) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now()).count();
    if (left <= 0 || stop.stop_requested()) return false;
    std::array<pollfd, 2> fds{
        {{out_open ? out.read.fd : -1, POLLIN, 0}, {err_open ? err.read.fd : -1, POLLIN, 0}}};
    if (::poll(fds.data(), fds.size(), static_cast<int>(std::min(std::int64_t{left}, nap))) <= 0)
      continue;
    if (fds[0].revents != 0) out_open = drain(out.read.fd, output, max_output, false);
    if (fds[1].revents != 0) err_open = drain(err.read.fd, errors, kept_errors, true);
  }
  return true;
}

}  // namespace

result<std::string> run_program(const std::vector<std::string>& arguments,
                                std::chrono::milliseconds timeout, const std::stop_token& stop,
                                program_text wanted) {
  const auto& program = arguments.front();
  pipe_pair out, err;
  if (!out.open() || !err.open())
    return failure(program, std::string{"no pipe: "} + std::strerror(errno));
  pid_t pid = 0;
  if (const int code = start(arguments, out.write.fd, err.write.fd, pid); code != 0)
    return error{code == ENOENT ? errc::not_found : errc::internal, program,
                 std::string{"cannot be started: "} + std::strerror(code) +
                     (code == ENOENT ? " (is ffmpeg installed?)" : "")};
  out.write.reset();
  err.write.reset();
  std::string output, errors;
  const bool in_time = read_all(out, err, output, errors, clock::now() + timeout, stop);
  if (!in_time) ::kill(-pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!in_time && stop.stop_requested()) return error{errc::unavailable, program, "was stopped"};
  if (!in_time)
    return error{errc::timed_out, program,
                 "did not finish within " + std::to_string(timeout.count()) + " ms"};
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
    return wanted == program_text::output ? output : errors;
  while (!errors.empty() && errors.back() == '\n') errors.pop_back();
  return failure(program, errors.empty() ? "failed without a word" : errors);
}

}  // namespace interlude
