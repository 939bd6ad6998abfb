#include "apps/node/log_setup.hpp"

#include <spdlog/formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "actors/log_json.hpp"
#include "media/core/time.hpp"

namespace interlude {

namespace {

class json_formatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& m, spdlog::memory_buf_t& to) override {
    const auto level = spdlog::level::to_string_view(m.level);
    const auto time = format_iso8601(std::chrono::floor<duration>(m.time));
    auto line = log_json(time, {level.data(), level.size()}, {m.payload.data(), m.payload.size()});
    line += '\n';
    to.append(line.data(), line.data() + line.size());
  }
  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<json_formatter>();
  }
};

}  // namespace

void start_log() {
  spdlog::set_default_logger(spdlog::stderr_color_mt("interlude"));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e %^%l%$ %v");
}

void set_log(const std::string& level, const std::string& format) {
  spdlog::set_level(spdlog::level::from_str(level));
  if (format == "json") spdlog::set_formatter(std::make_unique<json_formatter>());
}

}  // namespace interlude
