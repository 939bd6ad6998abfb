#include "actors/creative/loudness.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace interlude {

namespace {

namespace json = boost::json;

constexpr double highest_peak = -2;    // dBTP
constexpr double largest_gain = 40;    // dB
constexpr double gate = -70;           // LKFS: BS.1770 takes what is below for silence
constexpr auto measured_part = "600";  // seconds: who lasts longer is as loud as its beginning

std::string layout_of(int channels) {
  switch (channels) {
    case 1:
      return "mono";
    case 2:
      return "stereo";
    case 6:
      return "5.1";
    case 8:
      return "7.1";
    default:
      return {};
  }
}

// Numbers are written as text; silence is "-inf".
std::optional<double> number_of(const json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  if (v == nullptr || !v->is_string()) return std::nullopt;
  char* end = nullptr;
  const auto value = std::strtod(v->get_string().c_str(), &end);
  return end == v->get_string().c_str() ? std::nullopt : std::optional{value};
}

std::string decibels(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2fdB", value);
  return text;
}

}  // namespace

std::vector<std::string> measuring_command(const media_input& source, int channels) {
  std::vector<std::string> words = {"ffmpeg", "-hide_banner", "-nostats", "-nostdin",
                                    "-v",     "info",         "-t",       measured_part};
  const auto input = reading(source);
  words.insert(words.end(), input.begin(), input.end());
  words.insert(words.end(),
               {"-filter_complex", "[0:a:0]" + mixed_to(channels) + "loudnorm=print_format=json[a]",
                "-map", "[a]", "-f", "null", "-"});
  return words;
}

result<std::optional<loudness>> read_loudness(std::string_view report) {
  const error unreadable{errc::internal, "loudnorm", "its report cannot be read"};
  const auto from = report.rfind('{');
  const auto to = report.rfind('}');
  if (from == std::string_view::npos || to == std::string_view::npos || to < from)
    return unreadable;
  boost::system::error_code ec;
  const auto value = json::parse(report.substr(from, to + 1 - from), ec);
  if (ec || !value.is_object()) return unreadable;
  const auto integrated = number_of(value.get_object(), "input_i");
  const auto peak = number_of(value.get_object(), "input_tp");
  if (!integrated || !peak) return unreadable;
  if (!std::isfinite(*integrated) || !std::isfinite(*peak) || *integrated <= gate)
    return std::optional<loudness>{};
  return std::optional{loudness{*integrated, *peak}};
}

gain gain_to(const std::optional<loudness>& measured, double target) {
  if (!measured || target == as_loud_as_it_is) return {};
  const auto wanted = std::min(target - measured->integrated, largest_gain);
  return {wanted, wanted > 0 && measured->peak + wanted > highest_peak};
}

std::string mixed_to(int channels) {
  // Where the layout is not told, mixing in whole numbers would scale the sound down.
  const auto layout = layout_of(channels);
  return "aformat=sample_fmts=fltp" + (layout.empty() ? "" : ":channel_layouts=" + layout) + ",";
}

std::string gain_filters(const gain& g) {
  if (g.decibels == 0) return {};
  auto out = "volume=" + decibels(g.decibels) + ",";
  // Peaks between samples are seen at four times their rate.
  if (g.limited)
    out += "aresample=192000,alimiter=level=0:limit=" +
           std::to_string(std::pow(10, highest_peak / 20)) + ",";
  return out;
}

}  // namespace interlude
