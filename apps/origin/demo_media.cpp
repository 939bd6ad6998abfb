#include "apps/origin/demo_media.hpp"

#include <spdlog/spdlog.h>

#include <array>
#include <filesystem>

#include "actors/creative/ffmpeg_process.hpp"
#include "apps/origin/ladder_media.hpp"

namespace interlude::origin {

namespace {

namespace fs = std::filesystem;

struct clip {
  const char* name;
  const char* colour;
  const char* text;
  int seconds;
  int tone;  // Hz
};

constexpr std::array<clip, 4> clips{{{"red", "0xC81E1E", "AD ONE", 10, 440},
                                     {"green", "0x1EA03C", "AD TWO", 10, 550},
                                     {"blue", "0x2846D2", "AD THREE", 5, 660},
                                     {"slate", "0x5A5A5A", "We will be right back", 10, 110}}};

std::string picture(const clip& c) {
  const auto font = find_font();
  std::string filter = std::string{"color=c="} + c.colour +
                       ":size=1280x720:rate=25:duration=" + std::to_string(c.seconds);
  if (font.empty()) return filter;
  filter += std::string{",drawtext=fontfile="} + font + ":text='" + c.text +
            "':fontsize=96:fontcolor=white:x=(w-tw)/2:y=h*0.62";
  if (std::string_view{c.name} != "slate")
    filter += ",drawtext=fontfile=" + font + ":text='%{eif\\:" + std::to_string(c.seconds) +
              "-t\\:d}':fontsize=72:fontcolor=white:x=(w-tw)/2:y=h*0.8";
  return filter;
}

result<bool> make(const clip& c, const std::string& file) {
  const auto part = file + ".part.mp4";
  const auto length = std::to_string(c.seconds);
  const auto sound =
      "sine=frequency=" + std::to_string(c.tone) + ":sample_rate=48000:duration=" + length;
  auto made = run_program(
      {"ffmpeg",   "-v",   "error", "-nostdin", "-y",      "-f",        "lavfi",      "-i",
       picture(c), "-f",   "lavfi", "-i",       sound,     "-c:v",      "libx264",    "-preset",
       "veryfast", "-crf", "20",    "-pix_fmt", "yuv420p", "-af",       "volume=0.2", "-c:a",
       "aac",      "-ac",  "2",     "-b:a",     "128k",    "-shortest", part},
      std::chrono::milliseconds{120'000});
  if (!made) return made.error();
  std::error_code ec;
  fs::rename(part, file, ec);
  if (ec) return error{errc::internal, file, "cannot be put in place: " + ec.message()};
  return true;
}

}  // namespace

result<demo_media> make_demo_media(const std::string& folder) {
  std::error_code ec;
  fs::create_directories(folder, ec);
  demo_media out;
  for (const auto& c : clips) {
    const auto file = folder + "/" + c.name + ".mp4";
    if (!fs::exists(file, ec)) {
      spdlog::info("demo: making {}", file);
      if (auto made = make(c, file); !made) return made.error();
    }
    if (std::string_view{c.name} == "slate")
      out.slate = file;
    else
      out.ads.push_back({c.name, file, std::chrono::seconds{c.seconds}});
  }
  return out;
}

}  // namespace interlude::origin
