// Everything the actors of a node can be asked, in one place. Each message is a named struct.
//
// Messages that carry callbacks or shared immutable values stay within the process
// (CAF_ALLOW_UNSAFE_MESSAGE_TYPE); the others can travel.
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "actors/channel_settings.hpp"
#include "actors/channel_view.hpp"
#include "actors/decision/decision_messages.hpp"
#include "actors/http_fetcher.hpp"

namespace interlude {

// --- channel
// ---------------------------------------------------------------------------------------------------------

// A viewer waits for the multivariant playlist.
struct description_wanted {
  std::function<void(result<published_ptr>)> done;
};
// A viewer of `audience` waits for a fresh playlist of a rendition.
struct playlist_wanted {
  std::size_t rendition = 0;
  std::string audience;
  std::function<void(result<published_ptr>)> done;
};
// A guided player waits for what a break plays.
struct plan_wanted {
  std::string audience;
  std::string break_id;
  std::function<void(result<stitch::plan_ptr>)> done;
};
// An operator starts or stops a break.
struct cue_wanted {
  cue_command command;
  std::function<void(result<stitch::ad_break>)> done;
};
// An operator asks which breaks there were: a line of each that is remembered.
struct break_lines_wanted {
  std::function<void(result<std::vector<break_line>>)> done;
};
// An operator asks why a break has these ads.
struct break_stories_wanted {
  std::string break_id;
  std::string audience;  // empty: of all
  std::function<void(result<break_stories>)> done;
};
// What a stream of splice messages tells that comes apart from the content.
struct signals_heard {
  std::vector<scte35::signal> signals;
  std::function<void(result<ingest_outcome>)> done;
};
// The origin's answer for a rendition, or for the multivariant playlist (rendition = npos).
struct origin_answered {
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
  std::size_t rendition = npos;
  std::uint64_t serial = 0;  // of the request
  std::shared_ptr<const result<fetch_response>> answer;
};
// Time to look what is due. Only the latest one armed counts.
struct poll_due {
  std::uint64_t generation = 0;
};

// A round for what has come together since it was sent. `planned`: nobody waits for it.
struct round_due {
  bool planned = false;
};

using channel_actor =
    caf::typed_actor<caf::reacts_to<description_wanted>, caf::reacts_to<playlist_wanted>,
                     caf::reacts_to<plan_wanted>, caf::reacts_to<cue_wanted>,
                     caf::reacts_to<break_lines_wanted>, caf::reacts_to<break_stories_wanted>,
                     caf::reacts_to<signals_heard>, caf::reacts_to<origin_answered>,
                     caf::reacts_to<poll_due>, caf::reacts_to<round_due>>;

// --- decision
// --------------------------------------------------------------------------------------------------------

using decision_actor = caf::typed_actor<caf::replies_to<decision_wanted>::with<decision_made>,
                                        caf::reacts_to<decision_asked>>;

}  // namespace interlude

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::description_wanted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::playlist_wanted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::plan_wanted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::cue_wanted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::break_lines_wanted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::break_stories_wanted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::signals_heard)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::origin_answered)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::poll_due)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::round_due)
