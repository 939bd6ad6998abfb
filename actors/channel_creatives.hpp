// What one channel needs conditioned: its ladder, as it becomes known, its house ads, its slate,
// and slates of exact length.
//
// A plain object owned by the channel actor; it says what is to be asked for next and keeps what
// came of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/channel_settings.hpp"
#include "actors/creative/creative_interface.hpp"
#include "actors/creative/media_store.hpp"
#include "actors/creative_progress.hpp"
#include "actors/decision/ad_inquiry.hpp"
#include "media/stitch/channel_description.hpp"
#include "media/stitch/creative.hpp"
#include "media/stitch/ladder.hpp"
#include "media/stitch/plan.hpp"

namespace interlude {

class channel_creatives {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  using ladder_ptr = std::shared_ptr<const stitch::ladder>;

  // `store` tells whether what was made is still there, and is told what is used; null: it is.
  explicit channel_creatives(std::shared_ptr<media_store> store = nullptr)
      : store_(std::move(store)) {}

  // Those known before keep their places; new ones are probed, and all is conditioned anew once
  // they have been. Until then others stand in for them. A channel that has nothing to play in its
  // breaks needs no ladder: nothing is probed.
  void set_renditions(const stitch::channel_description& d, const channel_settings& settings);

  bool wants_probe(std::size_t rendition, time_point now) const;
  void probing(std::size_t rendition);
  // The formats of a rendition's segment. True when the ladder is complete with it.
  bool probed(std::size_t rendition, stitch::track_format format, duration target_duration);
  void probe_failed(std::size_t rendition, time_point now);
  // Every rendition that is listed has been probed.
  bool complete() const;

  // Sources that are to be conditioned now (each is named once until it is given back by failed(),
  // or what was made of it is gone; media that may change behind its URL once an hour).
  std::vector<condition_creative> take_wanted(const channel_settings& settings, time_point now);
  void conditioned(const condition_creative& what, const stitch::creative_ptr& creative);
  // What was made for a ladder of before, with a track for each rendition of now. Null stays null.
  stitch::creative_ptr fitted(const stitch::creative_ptr& creative) const;
  void failed(const condition_creative& what, time_point now);

  // An ad server's creative, if it is ready. If not, it is wanted from now on (take_wanted), among
  // the latest of these.
  stitch::creative_ptr made_or_wanted(const ad_candidate& ad);
  // The same, if it is ready, and nothing more.
  stitch::creative_ptr made(const ad_candidate& ad) const;
  creative_progress progress_of(const ad_candidate& ad) const;

  // Those of `names` that are ready, in that order, and the bumpers that are.
  stitch::pod_offer ready(const channel_settings& settings, const std::vector<std::string>& names);
  // How long the house ads are that are ready, by name.
  std::map<std::string, duration> house_lengths(const channel_settings& settings) const;
  // The looping slate; null while there is none.
  stitch::creative_ptr slate() const;
  // A slate of that length: if it is there, if it is worth asking for, and how.
  stitch::creative_ptr tail(duration length);
  std::optional<condition_creative> tail_request(const channel_settings& settings, duration length);

 private:
  enum class progress : std::uint8_t { idle, under_way, done };
  struct part {
    progress state = progress::idle;
    time_point retry_at{};  // done: when it may be looked at again
  };

  struct job {
    condition_creative what;
    part now;
    stitch::creative_ptr made;
    std::uint64_t used = 0;  // of an ad server's: the higher, the later
    bool named = false;      // likewise: by an answer, since it was last asked for
    bool known = false;      // likewise: by more than one answer
    bool failed = false;     // when it was asked for last
  };

  const job* find(const ad_candidate& ad) const;
  job* find(const condition_creative& what);
  stitch::creative_ptr made_from(const std::string& source);
  stitch::creative_ptr use(job& j);
  void look_after_own(time_point now);
  void complete_ladder();
  bool make_room();

  std::shared_ptr<media_store> store_;
  std::vector<stitch::described_rendition> renditions_;
  std::vector<part> probes_;
  std::vector<stitch::track_format> formats_;
  duration segment_duration_{0};
  ladder_ptr ladder_;
  std::vector<job>
      jobs_;  // the slate, if there is one, house ads and bumpers, ad servers' creatives
  bool has_slate_ = false, has_own_ = false;
  std::uint64_t uses_ = 0;
  time_point own_used_at_{};
  std::map<duration, stitch::creative_ptr> tails_;
};

}  // namespace interlude
