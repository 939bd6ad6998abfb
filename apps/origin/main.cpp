// interlude-origin: a live origin to try Interlude with.
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <boost/program_options.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "apps/command_line.hpp"
#include "apps/origin/channel_text.hpp"
#include "apps/origin/live_origin.hpp"
#include "apps/serve.hpp"

namespace {

namespace po = boost::program_options;
using namespace interlude;

constexpr const char* usage =
    R"(interlude-origin: loops a ladder that ffmpeg makes into live HLS channels with ad breaks.

  interlude-origin --channel "name=ts" --channel "name=cmaf;container=fmp4;audio=demuxed;segment=5;cues=daterange"

A channel is "key=value;..." of: name, container (ts, fmp4), audio (muxed, demuxed), rate (25, 29.97, 30, 50), segment
(seconds, 2 to 6), window (segments), every and length (seconds of break), cues (cue-out, cue-out-slash, cue-out-bare,
daterange, daterange-fixed, daterange-cmd, oatcls, scte35, splicepoint, cue, asset, in-band, none), announce (seconds), encrypted,
explicit_iv, subtitles (yes, no), seed. Faults: POST JSON to /control/<name>, see docs/origin.md.

)";

std::vector<std::string> default_channels() {
  return {"name=ts;segment=3", "name=cmaf;container=fmp4;audio=demuxed;segment=5;cues=daterange"};
}

result<origin::fault_script> read_script(const std::string& file,
                                         const origin::origin_options& options) {
  std::ifstream in{file};
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  if (!in) return error{errc::not_found, "", "cannot be read"};
  std::vector<std::string> names;
  for (const auto& c : options.channels) names.push_back(c.name);
  return origin::read_fault_script(text, names);
}

int serve(const std::string& listen, const origin::origin_options& options) {
  return serve_until_signal(
      listen, [&] { return origin::open_live_origin(options); },
      [&](const std::string& at) {
        for (const auto& c : options.channels)
          std::cout << "  " << at << '/' << c.name << "/master.m3u8\n";
      });
}

}  // namespace

int main(int argc, char** argv) {
  spdlog::set_default_logger(spdlog::stderr_color_mt("origin"));
  po::options_description known{"Options"};
  std::string listen, folder, script;
  std::vector<std::string> channels;
  known.add_options()("help", "this text")(
      "listen", po::value(&listen)->default_value("127.0.0.1:8081"), "address:port")(
      "dir", po::value(&folder)->default_value("origin-media"), "where media is kept")(
      "channel", po::value(&channels)->composing(), "a channel; may be given several times")(
      "script", po::value(&script), "file of faults that come by themselves");
  if (const auto status = read_options(argc, argv, known, usage)) return *status;
  origin::origin_options options;
  options.folder = folder;
  options.now = [] { return std::chrono::floor<duration>(std::chrono::system_clock::now()); };
  for (const auto& text : channels.empty() ? default_channels() : channels) {
    auto c = origin::parse_channel(text);
    if (!c) return std::cerr << c.error().message() << '\n', 2;
    options.channels.push_back(*std::move(c));
  }
  if (!script.empty()) {
    auto faults = read_script(script, options);
    if (!faults) return std::cerr << script << ": " << faults.error().message() << '\n', 2;
    options.script = *std::move(faults);
  }
  return serve(listen, std::move(options));
}
