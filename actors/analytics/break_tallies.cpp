#include "actors/analytics/break_tallies.hpp"

#include <map>

#include "actors/analytics/latency_buckets.hpp"
#include "media/core/lowered.hpp"
#include "media/core/url_host.hpp"

namespace interlude {

namespace {

// Counters of one channel and hour.
class tally_list {
 public:
  tally_list(const std::string& channel, instant at)
      : channel_(channel), when_(storage::hour_of(at)) {}

  void add(counter_kind kind, const std::vector<std::string_view>& parts, std::uint64_t count) {
    if (count > 0) all.push_back({channel_, when_, write_counter(kind, parts), {}, count});
  }
  void add(std::string_view measure, duration time, std::string_view tier = {}) {
    if (time > duration{0})
      add(counter_kind::avail, {tier, measure}, static_cast<std::uint64_t>(time.count()));
  }

  std::vector<tally> all;

 private:
  const std::string& channel_;
  storage::hour when_;
};

// Of ads that are in the plan; more of them than a story lists are nobody's.
std::map<std::string, duration> filled_by(const decision_story& story) {
  std::map<std::string, duration> out;
  duration known{0};
  for (const auto& ad : story.ads) {
    if (!ad.place || *ad.place >= story.items.size()) continue;
    const auto length = story.items[*ad.place].length;
    out[ad.tier] += length;
    known += length;
  }
  if (story.ads_length > known) out["unknown"] += story.ads_length - known;
  return out;
}

std::string_view outcome_of(const tier_report& r) {
  switch (r.outcome) {
    case inquiry_outcome::answered:
      return server_measure::answers;
    case inquiry_outcome::empty:
    case inquiry_outcome::empty_vmap:
      return server_measure::empty;
    case inquiry_outcome::timed_out:
      return server_measure::timeouts;
    case inquiry_outcome::failed:
    case inquiry_outcome::unreadable:
    case inquiry_outcome::invalid:
      return server_measure::errors;
    case inquiry_outcome::not_asked:
      break;
  }
  return server_measure::passed_over;
}

}  // namespace

std::vector<tally> tallies_of(const decision_story& story, const std::string& channel, instant at) {
  tally_list out{channel, at};
  const bool preroll = story.source == stitch::cue_source::join;
  out.add(counter_kind::avail, {"", avail_measure::avails}, 1);
  out.add(avail_measure::wanted,
          preroll ? story.ads_length + story.slate_length + story.bumper_length : story.wanted);
  for (const auto& [tier, length] : filled_by(story)) out.add(avail_measure::filled, length, tier);
  out.add(avail_measure::slate, story.slate_length);
  out.add(avail_measure::bumpers, story.bumper_length);
  if (!preroll) out.add(avail_measure::content, story.content_length());
  return std::move(out.all);
}

std::vector<tally> tallies_of(const tier_report& report, const std::string& channel, instant at) {
  tally_list out{channel, at};
  const auto host = lowered(std::string{host_in(report.server)}.substr(0, 80));
  const auto add = [&](std::string_view measure, std::string_view detail, std::uint64_t count) {
    out.add(counter_kind::server, {host, measure, detail}, count);
  };
  add(outcome_of(report), "", 1);
  add(server_measure::requests, "", report.requests);
  if (report.outcome != inquiry_outcome::not_asked)
    add(server_measure::latency, std::to_string(latency_buckets::bucket_of(report.took)), 1);
  for (const auto& notice : report.skipped)
    add(server_measure::vast_error, std::to_string(vast::number_of(notice.code)), 1);
  return std::move(out.all);
}

}  // namespace interlude
