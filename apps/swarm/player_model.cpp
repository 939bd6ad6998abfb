#include "apps/swarm/player_model.hpp"

#include <algorithm>

#include "media/hls/multivariant_playlist.hpp"

namespace interlude::swarm {

using namespace std::chrono_literals;

namespace {

// "s/<token>/v0.m3u8" is "v0".
std::string name_of(std::string_view uri) {
  uri = uri.substr(0, uri.find('?'));
  uri = uri.substr(uri.rfind('/') + 1);
  return std::string{uri.substr(0, uri.rfind('.'))};
}

}  // namespace

// Neighbouring seeds must not lead to neighbouring players.
player_model::player_model(const habits& h, std::uint64_t seed) : habits_(h) {
  std::seed_seq mixed{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)};
  chance_.seed(mixed);
}

duration player_model::within(duration longest) {
  return duration{std::uniform_int_distribution<std::int64_t>{
      0, std::max<std::int64_t>(0, longest.count())}(chance_)};
}

duration player_model::arrival() {
  return within(habits_.ramp);
}

duration player_model::stay() {
  const auto mean = to_seconds(habits_.stay);
  return 1s + from_seconds(std::exponential_distribution<>{1 / mean}(chance_));
}

duration player_model::pause() {
  return 1s + within(39s);
}

std::size_t player_model::pick(std::size_t count) {
  return std::uniform_int_distribution<std::size_t>{0, count - 1}(chance_);
}

result<std::vector<chosen_rendition>> choose_renditions(const std::string& multivariant,
                                                        const std::string& base, bool all,
                                                        player_model& model) {
  const auto parsed = hls::parse_multivariant_playlist(multivariant);
  if (!parsed) return parsed.error();
  std::vector<const hls::variant*> variants;
  for (const auto& v : parsed->variants)
    if (!v.i_frame) variants.push_back(&v);
  if (variants.empty()) return error{errc::malformed, base, "the playlist has no variants"};
  const auto& mine = *variants[model.pick(variants.size())];
  std::vector<chosen_rendition> out;
  const auto add = [&](std::string_view uri) {
    auto url = hls::resolve_uri(base, uri);
    if (url && std::none_of(out.begin(), out.end(), [&](const auto& r) { return r.url == *url; }))
      out.push_back({name_of(uri), *std::move(url)});
  };
  for (const auto* v : variants)
    if (all || v == &mine) add(v->uri);
  for (const auto& r : parsed->renditions)
    if (!r.uri.empty() && (all || r.group_id == mine.audio || r.group_id == mine.subtitles))
      add(r.uri);
  return out;
}

}  // namespace interlude::swarm
