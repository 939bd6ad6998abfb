// Where a channel's playlists come from: its multivariant playlist, read again and again, and the
// origin that takes the place of one that does not deliver.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <caf/all.hpp>

#include "actors/channel.hpp"

namespace interlude {

using namespace std::chrono_literals;

void channel_state::note_trouble(const char* part, std::string what) {
  auto& known = troubles_[part];
  if (what != known && !what.empty())
    spdlog::warn("channel {}: {}: {}", settings().path(), part, what);
  known = std::move(what);
}

// What is told first is what keeps viewers from playing.
std::string channel_state::trouble() const {
  for (std::size_t i = 0; i < polls_.size(); ++i)
    if (polls_[i].active() && !polls_[i].trouble().empty()) return polls_[i].trouble();
  if (!description_poll_.trouble().empty()) return description_poll_.trouble();
  for (const auto& [part, what] : troubles_)
    if (!what.empty()) return std::string{part} + ": " + what;
  return {};
}

// An origin is in trouble when viewers lack a picture, or sound: no rendition of a kind that is
// watched comes as it should.
origin_choice::situation channel_state::situation_of_origin(steady_time t) const {
  origin_choice::situation s;
  s.target_duration = 4s;
  std::array<int, 3> watched{}, troubled{};
  for (std::size_t i = 0; i < polls_.size(); ++i) {
    const auto& window = timeline_->window(i);
    if (window) s.target_duration = window->target_duration;
    if (!polls_[i].active() || !is_listed(i) || (window && window->ended)) continue;
    const auto kind = static_cast<std::size_t>(description_->renditions[i].info.kind);
    ++watched[kind];
    if (polls_[i].in_trouble(t)) ++troubled[kind];
  }
  for (const auto kind : {stitch::rendition_kind::video, stitch::rendition_kind::audio}) {
    const auto k = static_cast<std::size_t>(kind);
    s.in_trouble |= watched[k] > 0 && troubled[k] == watched[k];
  }
  s.missing = std::any_of(troubled.begin(), troubled.end(), [](int n) { return n > 0; });
  return s;
}

void channel_state::note_read(const result<fetch_response>& answer, bool good) {
  auto& n = arguments_.view->counters;
  n.origin_reads.fetch_add(1, std::memory_order_relaxed);
  if (answer) n.origin_took.add(answer->elapsed);
  if (good)
    n.origin_good_at.store(now(), std::memory_order_relaxed);
  else
    n.origin_failures.fetch_add(1, std::memory_order_relaxed);
}

void channel_state::read_description(const result<fetch_response>& answer) {
  const bool first = !description_;
  auto problem = answer ? playlist_problem(*answer) : answer.error().message();
  const bool unchanged = problem.empty() && answer->status == 304;
  if (unchanged && !description_)
    problem = "the origin answered HTTP 304 to a request without conditions";
  if (problem.empty() && !unchanged)
    if (auto taken = take_description(*answer); !taken) problem = taken.error().message();
  note_read(answer, problem.empty());
  if (problem.empty()) {
    description_poll_.succeeded(*answer, now(), 4s);
    if (origins_.answered(now()))
      spdlog::warn("channel {}: goes on with {}", settings().path(), origins_.shown_used());
  } else {
    if (description_poll_.failed(now(), problem))
      spdlog::warn("channel {}: {}", settings().path(), problem);
    origins_.failed();
  }
  publish();
  if (description_) {
    for (auto& w : std::exchange(description_waiters_, {})) w.done(arguments_.view->load());
    if (first) take_early_questions();
  } else
    for (auto& w : std::exchange(description_waiters_, {}))
      w.done(error{errc::unavailable, settings().path(), trouble()});
}

result<bool> channel_state::take_description(const fetch_response& response) {
  return description_ ? follow(response) : begin(response);
}

// --- the first one

// What another process had told viewers of this channel stands.
std::optional<stitch::timeline_state> channel_state::kept_state() {
  auto state = keeper_.read();
  if (state) return *std::move(state);
  if (state.error().code == errc::internal) {
    note_trouble("store", state.error().message());
    return std::nullopt;
  }
  spdlog::warn("channel {}: numbers begin anew: {}", settings().path(), state.error().message());
  return std::nullopt;
}

// Renditions that were known to that process keep their places.
bool channel_state::resume(const fetch_response& response, stitch::timeline_state state) {
  std::vector<stitch::described_rendition> known;
  for (const auto& r : state.renditions) known.push_back({r, "", 0});
  auto described = stitch::describe_channel(response.body, response.final_url, known);
  if (!described) return false;
  open_timeline(**described);
  if (!timeline_->restore(std::move(state))) return false;
  description_ = *std::move(described);
  resumed_at_ = now();
  for (const auto& key : timeline_->audience_keys())
    arguments_.view->audiences.remember(key, now());
  spdlog::info("channel {}: goes on where it was, {} breaks known", settings().path(),
               timeline_->breaks().size());
  return true;
}

void channel_state::open_timeline(const stitch::channel_description& d) {
  std::vector<stitch::rendition_info> infos;
  for (const auto& r : d.renditions) infos.push_back(r.info);
  timeline_ = std::make_unique<stitch::channel_timeline>(std::move(infos), settings().breaks);
}

result<bool> channel_state::begin(const fetch_response& response) {
  auto described = stitch::describe_channel(response.body, response.final_url);
  if (!described) return described.error();
  auto state = kept_state();
  if (!state || !resume(response, *std::move(state))) {
    if (state)
      spdlog::warn("channel {}: numbers begin anew: the renditions are not those of before",
                   settings().path());
    open_timeline(**described);
    description_ = *std::move(described);
  }
  shown_ = timeline_->take_snapshot();
  polls_.resize(description_->renditions.size());
  creatives_.set_renditions(*description_, settings());
  spdlog::info("channel {}: {} renditions at {}", settings().path(), polls_.size(),
               origins_.shown_asked());
  return true;
}

// --- and those that follow

// Whether there is something of each kind that is watched.
bool channel_state::still_plays(const stitch::channel_description& next) const {
  for (const auto kind : {stitch::rendition_kind::video, stitch::rendition_kind::audio}) {
    bool watched = false, listed = false;
    for (std::size_t i = 0; i < next.renditions.size(); ++i) {
      if (next.renditions[i].info.kind != kind) continue;
      watched |= i < polls_.size() && polls_[i].active();
      listed |= !next.renditions[i].url.empty();
    }
    if (watched && !listed) return false;
  }
  return true;
}

result<bool> channel_state::follow(const fetch_response& response) {
  // What is missing may be renditions that somebody watches.
  if (description_poll_.breaks_off(response.body, now()))
    return error{errc::malformed, origins_.shown_asked(),
                 "the multivariant playlist breaks off in the middle of a line"};
  const bool same_place = response.final_url == description_->url;
  if (same_place && description_->playlist.text && *description_->playlist.text == response.body)
    return true;
  auto next = stitch::describe_channel(response.body, response.final_url, description_->renditions);
  if (!next) return next.error();
  // It would take all renditions from those who watch, and its own from those who come now as soon
  // as it is over.
  if (!description_->playlist.variants.empty() && (*next)->playlist.variants.empty())
    return error{errc::malformed, origins_.shown_asked(),
                 "a media playlist stands where the multivariant playlist was"};
  if (!still_plays(**next))
    return error{errc::malformed, origins_.shown_asked(),
                 "the multivariant playlist lacks what is being watched"};
  std::vector<stitch::rendition_info> more;
  for (auto i = polls_.size(); i < (*next)->renditions.size(); ++i)
    more.push_back((*next)->renditions[i].info);
  if (!more.empty() && !timeline_->add_renditions(more))
    return error{errc::unsupported, origins_.shown_asked(),
                 "the multivariant playlist has a kind of rendition that it did not have: start "
                 "the channel anew to offer it"};
  adopt(*std::move(next));
  return true;
}

void channel_state::adopt(stitch::description_ptr next) {
  const auto known = polls_.size();
  auto d = std::make_shared<stitch::channel_description>(*next);
  creatives_.set_renditions(*d, settings());
  for (std::size_t i = 0; i < d->renditions.size(); ++i) {
    auto& r = d->renditions[i];
    if (i >= known) {
      r.offered = creatives_.complete();  // else not until its media is known
      spdlog::info("channel {}: a new rendition, {}", settings().path(), r.info.name);
    } else if (const auto& url = description_->renditions[i].url; r.url != url) {
      polls_[i].moved(now());
      if (r.url.empty() != url.empty())
        spdlog::info("channel {}: rendition {} is {}", settings().path(), r.info.name,
                     r.url.empty() ? "not listed any more" : "listed again");
    }
  }
  description_ = std::move(d);
  polls_.resize(description_->renditions.size());
  if (polls_.size() == known) return;
  timeline_->set_slate(creatives_.slate());
  commit();
}

// The ladder is complete: sessions that start now may use all of it.
void channel_state::offer_what_is_ready() {
  const auto& all = description_->renditions;
  if (std::all_of(all.begin(), all.end(), [](const auto& r) { return r.offered; })) return;
  auto d = std::make_shared<stitch::channel_description>(*description_);
  for (auto& r : d->renditions) r.offered = true;
  description_ = std::move(d);
  publish();
}

}  // namespace interlude
