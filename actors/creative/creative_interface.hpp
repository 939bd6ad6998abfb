// What the creative actor can be asked.
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "media/core/time.hpp"
#include "media/stitch/content.hpp"
#include "media/stitch/creative.hpp"
#include "media/stitch/ladder.hpp"

namespace interlude {

// Make the media at `source` (file or URL) fit a ladder. With `exact` it is looped and cut to that
// length (slate).
struct condition_creative {
  std::string source;
  std::shared_ptr<const stitch::ladder> ladder;
  std::optional<duration> exact;
  // An ad server's: what it is known by, wherever it is fetched from; empty: it is the operator's
  // own, and known by its source.
  std::string identity = {};
  // Files of the same creative, to be taken in this order when the one before is too large.
  std::vector<std::string> others = {};
};
struct conditioned {
  stitch::creative_ptr creative;
};

// A segment, and what is needed to look into it.
struct byte_span {
  std::uint64_t offset = 0, length = 0;
};
struct probe_segment {
  std::string segment_url;
  std::optional<byte_span> segment_range;
  std::string init_url;  // EXT-X-MAP, empty: none
  std::optional<byte_span> init_range;
  std::string key_url;  // AES-128, empty: clear
  std::string iv;       // 0x and 32 hex digits
};
// What is a rendition made of? A few are looked into at a time: when this one's turn comes its
// newest segment is asked for, from another thread, since the origin may not have older ones any
// more.
struct probe_rendition {
  std::function<probe_segment()> newest;
};
struct segment_probed {
  stitch::track_format format;  // all but the rendition's name
};

// How a segment of content is looked into.
probe_segment probe_of(const stitch::content_segment& s);

using creative_actor = caf::typed_actor<caf::replies_to<condition_creative>::with<conditioned>,
                                        caf::replies_to<probe_rendition>::with<segment_probed>>;

}  // namespace interlude

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::condition_creative)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::conditioned)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::probe_rendition)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::segment_probed)
