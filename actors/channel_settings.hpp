// What an operator says about one channel. Filled from the configuration file; the defaults here
// are the only ones.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/beacon/beacon_sink.hpp"
#include "ads/audience/cohort.hpp"
#include "ads/house_pod.hpp"
#include "ads/pod/choose_pod.hpp"
#include "ads/request/ad_request.hpp"
#include "media/stitch/joining.hpp"
#include "media/stitch/schedule.hpp"

namespace interlude {

enum class insertion : std::uint8_t { automatic, stitched, guided };

// From where players fetch the segments of the content.
enum class content_place : std::uint8_t { origin, proxy };

// Who tells of ads that play.
enum class tracking_by : std::uint8_t { node, player };

struct house_ad {
  std::string name;
  std::string source;  // file or http(s) URL
  ads::house_terms terms{};
};

// What it speaks.
enum class ad_server_format : std::uint8_t { vast, json };

struct ad_server {
  std::string url;  // a template (ads/request/ad_request.hpp)
  std::chrono::milliseconds timeout{1500};
  ads::request_form form = {};
  ad_server_format format = ad_server_format::vast;
};

// How long a decision holds.
struct decision_keeping {
  std::chrono::milliseconds fresh{60'000};  // at most: an ad may say Expires
  std::chrono::milliseconds stale{60'000};  // after that, while it is asked for anew
  std::chrono::milliseconds refusal{5000};  // an ad server that fails is not asked again at once
};

struct viewer_token_settings {
  std::string algorithm = "HS256";
  std::string key;       // the secret or a PEM public key
  std::string jwks_url;  // instead of key
  std::string issuer, audience;
  std::vector<std::string> ad_claims;
};

struct channel_settings {
  std::string org, name;
  std::string origin;                       // multivariant (or media) playlist URL
  std::vector<std::string> backup_origins;  // asked in this order when it does not deliver
  insertion mode = insertion::automatic;
  content_place segments = content_place::origin;
  stitch::break_policy breaks;
  stitch::join_policy join;   // what viewers who join are shown first
  bool in_band_cues = false;  // look for SCTE-35 in the media of the first video rendition
  bool keep_cues = false;
  std::string restrict_ads = "SKIP,JUMP";
  std::vector<ad_server> ad_servers;  // asked in this order, before house ads
  decision_keeping decisions;
  ads::audience_policy audiences;
  bool warm_up = false;  // ask them once at the start, for what to make ready
  std::vector<house_ad> house_ads;
  ads::pod_rules pods;           // what may not play together, or again to a viewer
  std::string opening, closing;  // bumpers around the ads of a break: file or URL; empty: none
  std::string slate;             // file or URL, empty: content fills what ads do not
  tracking_by tracking = tracking_by::node;
  beacon_policy beacons;  // how often tracking requests are repeated
  std::string cue_token;  // bearer token of the cue and ingest routes, empty: they are closed
  std::optional<viewer_token_settings> viewer_token;
  std::chrono::milliseconds origin_timeout{3000};
  std::chrono::milliseconds decision_timeout{1000};        // after a break has begun
  std::chrono::milliseconds early_decision_timeout{3000};  // before
  std::chrono::seconds watch_timeout{
      30};  // polling stops this long after the last viewer's request

  std::string path() const { return org + '/' + name; }
  std::vector<ads::house_ad_rule> house_rules() const {
    std::vector<ads::house_ad_rule> out;
    for (const auto& ad : house_ads) out.push_back({ad.name, ad.terms});
    return out;
  }
};

}  // namespace interlude
