#include "apps/origin/channel_text.hpp"

#include <charconv>
#include <cstdlib>
#include <string>

namespace interlude::origin {

namespace {

error wrong(std::string_view key, std::string_view what) {
  return {errc::malformed, "channel " + std::string{key}, std::string{what}};
}

result<double> number(std::string_view key, std::string_view text, double low, double high) {
  double value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{} || end != text.data() + text.size() || value < low || value > high)
    return wrong(key, "a number from " + std::to_string(low) + " to " + std::to_string(high) +
                          " is expected");
  return value;
}

result<bool> flag(std::string_view key, std::string_view text) {
  if (text == "yes") return true;
  if (text == "no") return false;
  return wrong(key, "yes or no is expected");
}

result<bool> set_rate(channel_options& c, std::string_view text) {
  if (text == "29.97") {
    c.rate_num = 30'000;
    c.rate_den = 1001;
    return true;
  }
  const auto rate = number("rate", text, 10, 60);
  if (!rate) return rate.error();
  c.rate_num = static_cast<int>(*rate);
  c.rate_den = 1;
  return true;
}

result<bool> set_name(channel_options& c, std::string_view text) {
  for (const char ch : text)
    if (!((ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
          ch == '-' || ch == '_'))
      return wrong("name", "letters, digits, - and _ are expected");
  if (text.empty() || text.size() > 64 || text == "control")
    return wrong("name", "is empty, too long or taken");
  c.name = text;
  return true;
}

template <class T, class U>
result<bool> put(T& place, const result<U>& value) {
  if (!value) return value.error();
  place = static_cast<T>(*value);
  return true;
}

result<bool> set(channel_options& c, std::string_view key, std::string_view text) {
  if (key == "name") return set_name(c, text);
  if (key == "rate") return set_rate(c, text);
  if (key == "container" && (text == "ts" || text == "fmp4")) return c.fmp4 = text == "fmp4", true;
  if (key == "audio" && (text == "muxed" || text == "demuxed"))
    return c.demuxed_audio = text == "demuxed", true;
  if (key == "segment") return put(c.segment, number(key, text, 0.2, 20));
  if (key == "window") return put(c.window, number(key, text, 3, 1000));
  if (key == "every") return put(c.break_every, number(key, text, 0, 86'400));
  if (key == "length") return put(c.break_length, number(key, text, 0, 3600));
  if (key == "announce") return put(c.announce, number(key, text, 0, 600));
  if (key == "seed") return put(c.seed, number(key, text, 0, 1e15));
  if (key == "encrypted") return put(c.encrypted, flag(key, text));
  if (key == "explicit_iv") return put(c.explicit_iv, flag(key, text));
  if (key == "subtitles") return put(c.subtitles, flag(key, text));
  if (key == "cues") return put(c.cues, parse_cue_style(text));
  return wrong(key, "unknown key or value: " + std::string{text});
}

}  // namespace

result<channel_options> parse_channel(std::string_view text) {
  channel_options c;
  while (!text.empty()) {
    const auto part = text.substr(0, text.find(';'));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) return wrong(part, "key=value is expected");
    if (auto done = set(c, part.substr(0, equals), part.substr(equals + 1)); !done)
      return done.error();
  }
  if (c.fmp4 && !c.demuxed_audio && c.encrypted)
    return wrong(c.name, "encrypted fMP4 is made with demuxed audio only");
  return c;
}

}  // namespace interlude::origin
