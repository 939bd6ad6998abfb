// The segment reader: looks for splice messages in the media of one channel, segment by segment.
//
// One of each channel that wants it, beside the channel actor, so that a segment of megabytes holds
// up nobody. Initializations and keys are fetched once and kept while their URL stays.
#pragma once

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <memory>

#include "actors/segment_parts.hpp"
#include "media/stitch/in_band.hpp"

namespace interlude {

// What is told in this segment? Segments come in order, the next when the answer is there.
struct read_segment {
  stitch::segment_ptr segment;
};
struct segment_cues {
  stitch::in_band_cues found;
};
// To itself: the parts have been fetched.
struct parts_fetched {
  std::uint64_t question = 0;
  std::shared_ptr<result<segment_parts>> parts;
};

using segment_reader_actor = caf::typed_actor<caf::replies_to<read_segment>::with<segment_cues>,
                                              caf::reacts_to<parts_fetched>>;

struct segment_reader_arguments {
  std::shared_ptr<http_fetcher> fetcher;
  scte35::signal_policy policy;
  std::chrono::milliseconds timeout{3000};
};

class segment_reader_state {
 public:
  static inline const char* name = "segment_reader";

  void start(segment_reader_actor::pointer self, segment_reader_arguments arguments);
  caf::result<segment_cues> on(const read_segment& m);
  void on(const parts_fetched& m);

 private:
  // The last one fetched, by where it was.
  struct kept_part {
    std::string url, content;
  };

  result<stitch::in_band_cues> read(segment_parts parts);

  segment_reader_actor::pointer self_ = nullptr;
  segment_reader_arguments arguments_;
  std::unique_ptr<stitch::in_band_reader> reader_;
  kept_part initialization_, key_;
  std::uint64_t question_ = 0;  // counts them: late parts of one are not the next one's
  stitch::segment_ptr segment_;
  probe_segment wanted_;
  caf::typed_response_promise<segment_cues> waiting_;
};

segment_reader_actor::behavior_type segment_reader(
    segment_reader_actor::stateful_pointer<segment_reader_state> self,
    segment_reader_arguments arguments);

}  // namespace interlude

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::read_segment)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::segment_cues)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::parts_fetched)
