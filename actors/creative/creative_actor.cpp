#include "actors/creative/creative_actor.hpp"

#include <caf/all.hpp>

#include "actors/creative/creative_identity.hpp"
#include "media/hls/multivariant_playlist.hpp"

namespace interlude {

using namespace std::chrono_literals;

namespace {

std::string shown(const condition_creative& wanted) {
  return std::string{is_remote(wanted.source) ? hls::without_query(wanted.source)
                                              : std::string_view{wanted.source}};
}

}  // namespace

caf::error creative_state::to_caf(const error& e) {
  return caf::make_error(caf::sec::runtime_error, e.message());
}

instant creative_state::now() const {
  return arguments_.wall_clock_base +
         std::chrono::duration_cast<duration>(self_->clock().now() - arguments_.steady_base);
}

std::string creative_state::key_of(const condition_creative& wanted,
                                   std::string_view content) const {
  return creative_key(content, *wanted.ladder, wanted.exact, options_.loudness);
}

// Made before, in this life or an earlier one. A file is what it is named; of what is remote it is
// known what it held last.
stitch::creative_ptr creative_state::known(const condition_creative& wanted,
                                           const std::string& source) const {
  if (!is_remote(wanted.source)) return shelf_.find(key_of(wanted, source));
  const auto* s = sources_.find(source);
  return s == nullptr ? nullptr : shelf_.find(key_of(wanted, s->content));
}

// What there is plays on while the server is asked whether it has changed.
void creative_state::look_again(const condition_creative& wanted, const std::string& source) {
  const auto* s = sources_.find(source);
  if (s == nullptr || now() < s->fresh_until || setbacks_.holds(source, now()) != nullptr) return;
  auto id = key_of(wanted, source);
  if (jobs_.contains(id)) return;
  enqueue(id, make_job(wanted, source));
  start_next();
}

std::optional<error> creative_state::refusal(const condition_creative& wanted,
                                             const std::string& source) const {
  const auto what = shown(wanted);
  if (const auto* s = setbacks_.holds(source, now()))
    return error{
        errc::unavailable, what,
        s->why + (s->quarantined ? " (in quarantine until " + format_iso8601(s->until) + ')'
                                 : " (to be tried again later)")};
  if (wanted.identity.empty()) return std::nullopt;
  if (!is_remote(wanted.source))
    return error{errc::malformed, what, "an ad server's media must be at an http or https URL"};
  if (shelf_.full())
    return error{errc::too_large, what,
                 "the disk budget of creatives is used up, and all of it is in use"};
  return std::nullopt;
}

creative_state::job creative_state::make_job(const condition_creative& wanted,
                                             const std::string& source) const {
  job j;
  j.wanted = wanted;
  j.source = source;
  j.work.root = options_.root;
  j.work.source.path = wanted.source;
  j.work.shown = shown(wanted);
  j.work.ladder = wanted.ladder;
  j.work.exact = wanted.exact;
  j.work.loudness = options_.loudness;
  j.work.timeout = options_.job_timeout;
  j.work.stop = stop_.get_token();
  return j;
}

bool creative_state::enqueue(const std::string& id, job j) {
  const auto host = j.wanted.identity.empty() ? std::string{} : host_of(j.wanted.source);
  const auto place = queue_.push(host, id);
  if (place.dropped) {
    auto node = jobs_.extract(*place.dropped);
    for (auto& w : node.mapped().waiting)
      w.deliver(caf::make_error(caf::sec::runtime_error, "others waited for longer"));
  }
  if (place.taken) jobs_.emplace(id, std::move(j));
  return place.taken;
}

caf::result<conditioned> creative_state::on(const condition_creative& wanted) {
  arguments_.counters->mailbox.add(self_->mailbox().size());
  const auto source = short_name(source_name(wanted));
  if (auto c = known(wanted, source)) {
    arguments_.store->use(c->key);
    look_again(wanted, source);
    return conditioned{std::move(c)};
  }
  const auto id = key_of(wanted, source);
  // Made only where it is used: once there is a promise, CAF ignores what the handler returns.
  if (const auto it = jobs_.find(id); it != jobs_.end()) {
    auto promise = self_->make_response_promise<conditioned>();
    it->second.waiting.push_back(promise);
    return promise;
  }
  if (const auto no = refusal(wanted, source)) return to_caf(*no);
  if (!enqueue(id, make_job(wanted, source)))
    return caf::make_error(caf::sec::runtime_error,
                           "too many creatives are waiting to be conditioned");
  auto promise = self_->make_response_promise<conditioned>();
  jobs_.at(id).waiting.push_back(promise);
  start_next();
  return promise;
}

void creative_state::start_next() {
  while (running_ < options_.max_jobs) {
    const auto id = queue_.pop();
    if (!id) break;
    ++running_;
    auto& j = jobs_.at(*id);
    if (is_remote(j.wanted.source)) {
      fetch(*id);
      continue;
    }
    j.work.key = key_of(j.wanted, j.source);
    work_on(*id);
  }
  take_stock();
}

creative_keeper::behavior_type creatives(creative_keeper::stateful_pointer<creative_state> self,
                                         creative_arguments arguments) {
  self->state.start(self, std::move(arguments));
  return {
      [self](const condition_creative& m) { return self->state.on(m); },
      [self](const probe_rendition& m) { return self->state.on(m); },
      [self](const creatives_wanted& m) { self->state.on(m); },
      [self](const retry_wanted& m) { self->state.on(m); },
      [self](const removal_wanted& m) { self->state.on(m); },
      [self](const creative_made& m) { self->state.on(m); },
      [self](const source_fetched& m) { self->state.on(m); },
      [self](const source_kept& m) { self->state.on(m); },
      [self](const look_after_shelf& m) { self->state.on(m); },
      [self](const segment_fetched& m) { self->state.on(m); },
      [self](const segment_read& m) { self->state.on(m); },
  };
}

}  // namespace interlude
