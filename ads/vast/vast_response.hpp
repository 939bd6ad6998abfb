// An ad server's answer as VAST 2.0 to 4.3 writes it, one struct per element, with the names of
// VAST 4.3 section 3.
//
// As it was sent: whether an ad can be played, and in which order, is not said here (see
// playable.hpp, unwrap.hpp). URLs are absolute or not, as they came; those that are empty,
// "about:blank" or hold control characters are not there at all. Value types.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "media/core/time.hpp"

namespace interlude::vast {

// A point in an ad: a time from its start, or a part of its duration (0 to 1).
struct ad_position {
  duration time{0};
  std::optional<double> fraction;

  duration in(duration total) const noexcept {
    return fraction ? from_seconds(to_seconds(total) * *fraction) : time;
  }
  friend bool operator==(const ad_position&, const ad_position&) = default;
};

struct tracking {  // 3.14.3
  std::string event, url;
  std::optional<ad_position> offset;  // of "progress"
};

struct named_text {  // a URL, or a name, with what its element says of it
  std::string text, id;
};

struct universal_ad_id {  // 3.7.1
  std::string registry, value;
};

// 3.9.1 and 3.9.2. Bitrates in kbit/s, sizes in pixels and bytes; empty and nullopt: not said.
struct media_file {
  std::string url, id, delivery, type, codec, api_framework, media_type;
  std::optional<std::int64_t> bitrate, min_bitrate, max_bitrate, width, height, file_size;
};

struct interactive_file {  // 3.9.3
  std::string url, type, api_framework;
};

struct caption_file {  // 3.9.5
  std::string url, type, language;
};

struct resource {  // 3.15
  enum class kind : std::uint8_t { fixed, frame, html };
  kind what = kind::fixed;
  std::string content;  // a URL, or HTML
  std::string type;     // of a fixed one
};

struct icon {  // 3.11.1
  std::string program, x_position, y_position, api_framework;
  std::optional<std::int64_t> width, height;
  std::optional<duration> offset, lasts;
  std::vector<resource> resources;
  std::string click_through;
  std::vector<std::string> click_tracking, view_tracking;
};

struct companion {  // 3.13.1
  std::string id, api_framework, ad_slot_id, alt_text, ad_parameters, click_through;
  std::optional<std::int64_t> width, height;
  std::vector<resource> resources;
  std::vector<std::string> click_tracking;
  std::vector<tracking> events;
};

struct linear_ad {  // 3.8; of a wrapper only what tracks
  std::optional<duration> runs;
  std::optional<ad_position> skip_offset;
  std::string ad_parameters;
  std::vector<media_file> media_files, mezzanines;
  std::vector<interactive_file> interactive;
  std::vector<caption_file> captions;
  std::vector<tracking> events;
  std::string click_through;
  std::vector<std::string> click_tracking;
  std::vector<named_text> custom_clicks;
  std::vector<icon> icons;
};

struct creative {  // 3.7
  std::string id, ad_id, api_framework;
  std::optional<std::int64_t> sequence;
  std::vector<universal_ad_id> universal_ad_ids;
  std::optional<linear_ad> linear;
  std::vector<companion> companions;
  std::size_t non_linears = 0;  // never played here
};

struct verification_resource {
  std::string url, api_framework, type;  // type: of an executable one
  std::optional<bool> browser_optional;  // of a script
};

struct verification {  // 3.17
  std::string vendor, parameters;
  std::vector<verification_resource> scripts, executables;
  std::vector<tracking> events;
};

struct category {  // 3.4.5
  std::string authority, code;
};

struct pricing {  // 3.4.8
  std::string model, currency, value;
};

struct extension {
  std::string type, xml;
};

struct viewable_impression {  // 3.5
  std::string id;
  std::vector<std::string> viewable, not_viewable, undetermined;
};

struct wrapper {  // 3.19
  std::string tag_url;
  bool follow_additional = true, allow_multiple = false;
  std::optional<bool> fallback_on_no_ad;
  std::vector<category> blocked;
};

struct ad {
  std::string id, type;                  // type: "video" if it does not say
  std::optional<std::int64_t> sequence;  // its place in the pod; without one it stands alone
  bool conditional = false;
  named_text system;  // its version is in `id`
  std::string title, description, serving_id, survey;
  named_text advertiser;
  std::vector<category> categories;
  std::optional<pricing> price;
  std::optional<std::chrono::seconds> expires;  // after the request
  std::vector<std::string> impressions, errors;
  std::vector<viewable_impression> viewable_impressions;
  std::vector<verification> verifications;
  std::vector<creative> creatives;
  std::vector<extension> extensions;
  std::optional<wrapper> wraps;
};

// An <Ad> that is none.
struct malformed_ad {
  std::string id, what;
  std::vector<std::string> errors;  // to be told 101
};

struct vast_response {
  std::string version;              // empty if it does not say
  std::vector<std::string> errors;  // to be told 303 if there is no ad
  std::vector<ad> ads;              // in the order of the text
  std::vector<malformed_ad> malformed;
};

// The creative that is played: the first linear one, by sequence. Null if there is none.
const creative* linear_creative(const ad& a) noexcept;

// All linear creatives in one, as a wrapper spreads its tracking over several; the first of what
// there can be one of.
linear_ad all_linear(const ad& a);

}  // namespace interlude::vast
