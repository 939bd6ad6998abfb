// One channel from scripted origin to checked playlists, without a clock, a socket or an actor.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "media/stitch/channel_timeline.hpp"
#include "media/stitch/render.hpp"
#include "media/verify/playlist_invariants.hpp"
#include "tests/support/origin_script.hpp"
#include "tests/support/viewing.hpp"

namespace interlude::test {

// A conditioned creative: `length` in segments of `segment`, the rest in the last one; the same in
// all tracks.
stitch::creative_ptr make_creative(const std::string& key, duration length, std::size_t tracks,
                                   duration segment = 4s, bool fmp4 = false);

struct simulated_channel {
  explicit simulated_channel(std::vector<origin_rendition> renditions,
                             stitch::break_policy policy = {});

  // What the node does before viewers see a change: keeps the state, if it must be kept.
  void keep();
  // The process is killed; another one goes on from what was kept last.
  void kill();

  // Rendition `index` is polled.
  void poll(std::size_t index, instant now);
  // All renditions are polled in order, what is open is decided, viewers' playlists move.
  void round(instant now);
  // As round(), but decisions are made by the caller.
  void round_undecided(instant now);
  void decide(const std::string& break_id);
  stitch::pod_offer offer() const { return {house, opening, closing}; }

  // What a viewer is served, checked against all that viewer saw before. Throws with the violation.
  verify::shown_playlist watch(const std::string& viewer, std::size_t index, instant now);
  void watch_all(const std::string& viewer, instant now);
  // From now on this viewer is in an audience of its own, which begins at the live edge.
  void join(const std::string& viewer, stitch::join_policy join);
  // Rounds every `step` from `from` to `to`, with one viewer of all renditions.
  void play(double from, double to, double step = 2.0, const std::string& viewer = "viewer");

  const std::map<std::int64_t, verify::shown_segment>& seen(const std::string& viewer,
                                                            std::size_t index = 0) const {
    return viewers.at(viewer).all(origin[index].name);
  }
  viewing seen_by(const std::string& viewer) const { return {viewers.at(viewer), origin}; }
  std::string ads_shown(const std::string& viewer = "viewer", std::size_t index = 0) const {
    return seen_by(viewer).ads(index);
  }
  std::vector<int> content_shown(const std::string& viewer = "viewer",
                                 std::size_t index = 0) const {
    return seen_by(viewer).content(index);
  }

  std::vector<origin_rendition> origin;
  stitch::break_policy policy;
  stitch::channel_timeline timeline;
  struct all_marks {
    stitch::channel_marks channel;
    std::vector<stitch::audience_marks> audiences;
    friend bool operator==(const all_marks&, const all_marks&) = default;
  };
  all_marks marks() const;
  stitch::kept_timeline kept;
  std::optional<all_marks> kept_marks;
  std::vector<stitch::pod_ad> house;
  stitch::creative_ptr slate, opening, closing;
  duration pace_slack{0};
  bool proxied = false;         // playlists name content as the node serves it
  std::size_t fingerprint = 0;  // of all playlists ever watched, in order
  std::map<std::string, verify::playlist_invariants> viewers;
};

// Video of `segment`-long segments until `until`, with nothing in it yet.
origin_rendition video(double until, duration segment = 4s, std::string name = "v0");
origin_rendition audio(double until, duration segment = 4s, std::string name = "a0");

}  // namespace interlude::test
