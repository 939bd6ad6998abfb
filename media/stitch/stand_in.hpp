// Media for renditions that came after their ads were conditioned: the track of a like rendition
// stands in until the creative has been conditioned anew. A player that switches there in the
// middle of an ad is given another resolution or rate, behind a discontinuity, but never nothing.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "media/stitch/audience.hpp"
#include "media/stitch/creative.hpp"
#include "media/stitch/rendition.hpp"

namespace interlude::stitch {

// For each of `renditions` from number `known` on, which of the first `known` is like it: of its
// kind, and nearest in rate. nullopt if one has none.
std::optional<std::vector<std::size_t>> find_stand_ins(std::span<const rendition_info> renditions,
                                                       std::size_t known);

// Gives creatives the tracks they lack. Each creative is made anew once, so what shared one still
// does.
class track_filler {
 public:
  explicit track_filler(std::vector<std::size_t> stand_ins) : stand_ins_(std::move(stand_ins)) {}

  // Null stays null; the others must have the tracks of the renditions known before.
  creative_ptr fill(const creative_ptr& c);
  // All that the audience has planned and shown, and a track for each rendition.
  void fill(audience& a);

 private:
  plan_ptr fill(const plan_ptr& p);

  std::vector<std::size_t> stand_ins_;
  std::map<creative_ptr, creative_ptr> filled_;
  std::map<plan_ptr, plan_ptr> plans_;  // decided, and on the air: one plan
};

}  // namespace interlude::stitch
