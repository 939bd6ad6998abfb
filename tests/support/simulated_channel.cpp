#include "tests/support/simulated_channel.hpp"

#include <stdexcept>

#include "media/hls/media_playlist.hpp"

namespace interlude::test {

namespace {

std::vector<stitch::rendition_info> infos(const std::vector<origin_rendition>& renditions) {
  std::vector<stitch::rendition_info> out;
  for (const auto& r : renditions)
    out.push_back({r.name,
                   r.name[0] == 'a'   ? stitch::rendition_kind::audio
                   : r.name[0] == 's' ? stitch::rendition_kind::subtitles
                                      : stitch::rendition_kind::video,
                   r.name});
  return out;
}

}  // namespace

stitch::creative_ptr make_creative(const std::string& key, duration length, std::size_t tracks,
                                   duration segment, bool fmp4) {
  auto c = std::make_shared<stitch::creative>();
  c->key = key;
  c->total = length;
  for (std::size_t i = 0; i < tracks; ++i) {
    stitch::creative_track t;
    t.path = "c/" + key + "/t" + std::to_string(i);
    t.extension = fmp4 ? ".m4s" : ".ts";
    if (fmp4) t.init = "init.mp4";
    for (auto left = length; left > 0us; left -= segment)
      t.segments.push_back(std::min(left, segment));
    c->tracks.push_back(std::move(t));
  }
  return c;
}

simulated_channel::simulated_channel(std::vector<origin_rendition> renditions,
                                     stitch::break_policy break_policy)
    : origin(std::move(renditions)),
      policy(std::move(break_policy)),
      timeline(infos(origin), policy) {
  house = {{"red", make_creative("red", 10s, origin.size())},
           {"green", make_creative("green", 15s, origin.size())},
           {"blue", make_creative("blue", 5s, origin.size())}};
  slate = make_creative("slate", 20s, origin.size());
  timeline.set_slate(slate);
  timeline.add_audience("all", false);
}

simulated_channel::all_marks simulated_channel::marks() const {
  all_marks out{timeline.marks(), {}};
  for (const auto& key : timeline.audience_keys())
    out.audiences.push_back(stitch::marks_of(timeline.state_of(key)));
  return out;
}

void simulated_channel::keep() {
  auto now = marks();
  if (kept_marks == now) return;
  kept_marks = std::move(now);
  kept = stitch::write_timeline_state(timeline.state());
}

void simulated_channel::kill() {
  timeline = stitch::channel_timeline{infos(origin), policy};
  timeline.add_audience("all", false);
  if (kept.channel.empty()) return timeline.set_slate(slate);
  auto state = stitch::read_timeline_state(kept);
  if (!state) throw std::runtime_error(state.error().message());
  if (!timeline.restore(*std::move(state))) throw std::runtime_error("not restored");
  kept_marks.reset();
}

void simulated_channel::poll(std::size_t index, instant now) {
  auto parsed = hls::parse_media_playlist(origin[index].playlist_at(now));
  if (!parsed) throw std::runtime_error(parsed.error().message());
  if (parsed->segments.empty()) return;
  auto outcome = timeline.refresh(index, *parsed,
                                  "http://origin.test/live/" + origin[index].name + ".m3u8", now);
  if (!outcome) throw std::runtime_error(outcome.error().message());
}

void simulated_channel::decide(const std::string& break_id) {
  for (const auto* key : {"all", "guided"}) timeline.decide(key, break_id, offer(), nullptr);
}

void simulated_channel::round_undecided(instant now) {
  for (std::size_t i = 0; i < origin.size(); ++i) poll(i, now);
  timeline.advance(now);
}

void simulated_channel::round(instant now) {
  for (std::size_t i = 0; i < origin.size(); ++i) poll(i, now);
  for (const auto& open : timeline.take_open_decisions())
    timeline.decide(open.audience, open.opportunity.id, offer(), nullptr);
  timeline.advance(now);
}

verify::shown_playlist simulated_channel::watch(const std::string& viewer, std::size_t index,
                                                instant now) {
  keep();
  const auto s = timeline.take_snapshot();
  const auto own = s->audiences.find(viewer);
  const auto& audience = own == s->audiences.end() ? s->audiences.at("all") : own->second;
  stitch::render_options options;
  if (proxied) options.content_of = origin[index].name;
  const auto text = stitch::render_media_playlist(*s, *audience, index, options);
  if (text.empty()) return {};
  fingerprint = fingerprint * 31 + std::hash<std::string>{}(text);
  const auto wrong =
      viewers[viewer].check(origin[index].name, text, s->windows[index]->edge(), pace_slack);
  if (!wrong.empty()) {
    std::string all = "at " + format_iso8601(now) + " viewer " + viewer + " rendition " +
                      origin[index].name + "\n";
    for (const auto& line : wrong) all += line + "\n";
    throw std::runtime_error(all);
  }
  return verify::read_shown(text).value();
}

void simulated_channel::join(const std::string& viewer, stitch::join_policy join) {
  timeline.add_audience(viewer, false, join);
}

void simulated_channel::watch_all(const std::string& viewer, instant now) {
  for (std::size_t i = 0; i < origin.size(); ++i) watch(viewer, i, now);
}

void simulated_channel::play(double from, double to, double step, const std::string& viewer) {
  for (auto t = from; t <= to; t += step) {
    round(at(t));
    watch_all(viewer, at(t));
  }
}

origin_rendition video(double until, duration segment, std::string name) {
  origin_rendition r;
  r.name = std::move(name);
  r.target = std::chrono::ceil<std::chrono::seconds>(segment);
  r.fill(at(until), segment);
  return r;
}

origin_rendition audio(double until, duration segment, std::string name) {
  return video(until, segment, std::move(name));
}

}  // namespace interlude::test
