// interlude-adserver: an ad server to try Interlude with, and a sink that shows each pixel.
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <boost/program_options.hpp>
#include <iostream>
#include <string>
#include <vector>

#include "apps/adserver/ad_server.hpp"
#include "apps/command_line.hpp"
#include "apps/origin/demo_media.hpp"
#include "apps/serve.hpp"

namespace {

namespace po = boost::program_options;
using namespace interlude;

constexpr const char* usage =
    R"(interlude-adserver: answers VAST for breaks of any length, with every fault on demand.

  interlude-adserver --ad spring=spring.mp4=15 --ad summer=summer.mp4=30

An ad is "name=file=seconds". Without one, three that ffmpeg makes: red and green of 10 s, blue of 5 s.
What it answers: docs/adserver.md.

)";

result<adserver::ad_file> read_ad(const std::string& text) {
  const auto first = text.find('='), last = text.rfind('=');
  if (first == std::string::npos || first == last)
    return error{errc::malformed, text, "name=file=seconds is expected"};
  const auto length = parse_seconds(std::string_view{text}.substr(last + 1));
  if (!length || *length <= duration{0})
    return error{errc::malformed, text, "the seconds are no number"};
  return adserver::ad_file{{text.substr(0, first), *length},
                           text.substr(first + 1, last - first - 1)};
}

result<std::vector<adserver::ad_file>> demo_ads(const std::string& folder) {
  const auto media = origin::make_demo_media(folder);
  if (!media) return media.error();
  std::vector<adserver::ad_file> out;
  for (const auto& ad : media->ads) out.push_back({{ad.name, ad.length}, ad.file});
  return out;
}

int serve(const std::string& listen, const adserver::ad_server_options& options) {
  return serve_until_signal(
      listen, [&] { return adserver::open_ad_server(options); },
      [](const std::string& at) {
        std::cout << "  " << at << "/vast?d=30\n  pixels    " << at << "/\n";
      });
}

}  // namespace

int main(int argc, char** argv) {
  spdlog::set_default_logger(spdlog::stderr_color_mt("adserver"));
  po::options_description known{"Options"};
  std::string listen, folder;
  std::vector<std::string> ads;
  adserver::ad_server_options options;
  known.add_options()("help", "this text")(
      "listen", po::value(&listen)->default_value("127.0.0.1:8082"), "address:port")(
      "dir", po::value(&folder)->default_value("adserver-media"), "where made ads are kept")(
      "ad", po::value(&ads)->composing(), "an ad; may be given several times")(
      "pixels", po::value(&options.most_pixels)->default_value(options.most_pixels),
      "so many are remembered");
  if (const auto status = read_options(argc, argv, known, usage)) return *status;
  options.now = [] { return std::chrono::floor<duration>(std::chrono::system_clock::now()); };
  for (const auto& text : ads) {
    auto ad = read_ad(text);
    if (!ad) return std::cerr << ad.error().message() << '\n', 2;
    options.ads.push_back(*std::move(ad));
  }
  if (ads.empty()) {
    auto made = demo_ads(folder);
    if (!made) return std::cerr << made.error().message() << '\n', 1;
    options.ads = *std::move(made);
  }
  return serve(listen, options);
}
