// The process, under the names that all of Prometheus' clients use for it.
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "net/control_handlers.hpp"
#include "net/metrics/parts.hpp"

namespace interlude::net {

namespace {

std::string text_of(const char* file) {
  std::ifstream in{file};
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

struct process_state {
  double cpu_seconds = 0, started = 0, resident_bytes = 0, open_files = 0, max_files = 0;
};

// Seconds since the epoch at which the machine was started.
double boot_time() {
  std::istringstream lines{text_of("/proc/stat")};
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("btime ")) return std::stod(line.substr(6));
  return 0;
}

// proc(5): behind the program's name, which may hold anything, the fields are numbers from 3 on.
void read_stat(process_state& s) {
  const auto text = text_of("/proc/self/stat");
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos) return;
  std::istringstream fields{text.substr(name_end + 1)};
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  std::string field;
  for (int number = 3; number <= 24 && fields >> field; ++number) {
    if (number == 14 || number == 15) s.cpu_seconds += std::stod(field) / ticks;
    if (number == 22) s.started = boot_time() + std::stod(field) / ticks;
    if (number == 24)
      s.resident_bytes = std::stod(field) * static_cast<double>(sysconf(_SC_PAGESIZE));
  }
}

void read_files(process_state& s) {
  std::error_code ec;
  for (auto it = std::filesystem::directory_iterator{"/proc/self/fd", ec};
       !ec && it != std::filesystem::directory_iterator{}; it.increment(ec))
    ++s.open_files;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) s.max_files = static_cast<double>(limit.rlim_cur);
}

}  // namespace

metric_families process_metrics(const node_context& node) {
  process_state s;
  read_stat(s);
  read_files(s);
  auto build = gauge("interlude_build_info", "1; what runs is told by the label.");
  add(build, 1, {{"version", INTERLUDE_VERSION}});
  return {std::move(build),
          gauge("interlude_ready", "1 when /health/ready says that viewers may be sent.",
                health_ready(node).status == http::status::ok ? 1.0 : 0.0),
          gauge("process_start_time_seconds", "When the process was started, since the epoch.",
                s.started),
          counter("process_cpu_seconds_total", "Processor time that was used.", s.cpu_seconds),
          gauge("process_resident_memory_bytes", "Memory that is in use.", s.resident_bytes),
          gauge("process_open_fds", "Files and connections that are open.", s.open_files),
          gauge("process_max_fds", "How many may be.", s.max_files)};
}

}  // namespace interlude::net
