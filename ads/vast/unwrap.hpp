// From an ad server's answer to ads that can be played: wrappers are followed, and what they track
// is added to the ads at their end (VAST 4.3 sections 2.3.5, 3.3.1, 3.19).
//
// A machine that asks for nothing by itself: its owner sends the requests it wants, tells it the
// answers in any order, and ends it when the time is up. Bounded in depth, in requests and in ads;
// a wrapper that leads back to where its chain has been is not followed. What the ad servers are to
// be told of what went wrong is collected, one notice per ad, with the <Error> URLs of every level.
// Pure; one thread at a time.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ads/vast/error_code.hpp"
#include "ads/vast/vast_response.hpp"

namespace interlude::vast {

struct unwrap_limits {
  std::size_t max_wrappers = 7;  // in one chain
  std::size_t max_requests = 32;
  std::size_t max_ads = 64;
  std::size_t max_notices = 64;
  std::size_t max_notice_urls = 64;                // of one
  std::size_t max_merged_bytes = 8 * 1024 * 1024;  // of URLs, of all ads with what wraps them
};

struct tag_request {
  std::size_t number = 0;
  std::string url;  // with its macros as they came
  std::size_t depth = 0;
  std::vector<category> blocked;  // by the wrappers above it, for [BLOCKEDADCATEGORIES]
};

// An ad whose Error pixels are due.
struct error_notice {
  error_code code = error_code::undefined;
  std::string ad_id, what;
  std::vector<std::string> urls;  // may be empty; with the macro [ERRORCODE]
};

// An InLine ad with all that the wrappers above it add: impressions, errors, tracking, click
// tracking, verifications and viewable impressions of all levels; companions, icons, click-through
// and price of the level nearest to it.
struct resolved_ad {
  ad content;
  std::vector<std::string> wrapper_ids, systems;  // outermost first; systems with its own
  // breakStart and breakEnd of the VMAP that named it; null: none.
  std::shared_ptr<const std::vector<tracking>> break_events{};
};

// A place in the pod. Without an ad, one that stands alone may take it.
struct pod_slot {
  std::int64_t sequence = 0;
  std::vector<resolved_ad> ads;
  bool may_substitute = true;
};

struct unwrapped {
  std::vector<pod_slot> pod;        // by sequence
  std::vector<resolved_ad> buffet;  // those that stand alone, as they came
  std::vector<error_notice> notices;
};

class unwrapping {
 public:
  // `url`: where `answer` came from, as far as it is a tag's.
  unwrapping(std::string url, vast_response answer, const unwrap_limits& limits = {});
  ~unwrapping();
  unwrapping(unwrapping&&) noexcept;
  unwrapping& operator=(unwrapping&&) noexcept;

  // What is to be asked for now; each once.
  std::vector<tag_request> take_requests();
  void answered(std::size_t number, vast_response answer);
  // xml_parsing, schema and version_unsupported of an answer; wrapper_timeout for none.
  void failed(std::size_t number, const vast_error& problem);
  // Whatever is still awaited does not come in time.
  void expire();

  bool done() const noexcept { return open_.empty(); }
  // What there is, in order. Once, at the end.
  unwrapped take();

 private:
  struct chain;
  using chain_ptr = std::shared_ptr<const chain>;
  // Where the ads of an answer go: the tree is kept until the end, since answers come in any order.
  struct branch;

  void place(branch& here, const chain_ptr& above, vast_response answer);
  void place_ad(branch& here, const chain_ptr& above, ad a);
  void follow(branch& here, const chain_ptr& above, ad a);
  void note(const chain_ptr& above, error_notice notice);
  bool leads_back(const chain_ptr& above, const std::string& url) const;
  static void sort_pod(branch& b);
  static void gather(branch& from, std::vector<resolved_ad>& out);
  static void fill(pod_slot& slot, branch& below, std::vector<resolved_ad>& buffet);

  struct pending {
    branch* where = nullptr;
    chain_ptr above;
  };

  unwrap_limits limits_;
  std::string url_;
  std::size_t next_ = 0, ads_ = 0, merged_bytes_ = 0;
  std::unique_ptr<branch> root_;
  std::vector<tag_request> wanted_;
  std::map<std::size_t, pending> open_;
  std::vector<error_notice> notices_;
};

}  // namespace interlude::vast
