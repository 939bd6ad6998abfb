// The way of a creative: fetched, known by what it holds, conditioned unless that was done before.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <caf/all.hpp>
#include <filesystem>

#include "actors/creative/creative_actor.hpp"
#include "actors/creative/creative_identity.hpp"
#include "actors/creative/stream_download.hpp"

namespace interlude {

using namespace std::chrono_literals;

namespace {

constexpr auto believed_for = 1h;          // what a source held
constexpr auto believed_for_want = 10min;  // of an answer

// A file or a folder under the root, named so that remove_leftovers() finds it if we are killed.
std::string downloaded_name(const std::string& job) {
  return job + ".source.part";
}

// What workers do: each is an actor with a thread of its own that does one job, says what came of
// it, and ends.
void keep_download(caf::event_based_actor*, const std::string& job, const std::string& file,
                   const std::shared_ptr<result<fetch_response>>& answer,
                   const creative_keeper& to) {
  caf::anon_send(to, source_kept{job, std::make_shared<const result<std::string>>(
                                          keep_file(file, (*answer)->body))});
}

void keep_stream(caf::event_based_actor*, const std::string& job, const stream_order& order,
                 const std::shared_ptr<http_fetcher>& fetcher, const creative_keeper& to) {
  caf::anon_send(to, source_kept{job, std::make_shared<const result<std::string>>(
                                          download_stream(*fetcher, order))});
}

void condition_file(caf::event_based_actor*, const std::string& job, const conditioning_job& work,
                    const creative_keeper& to) {
  caf::anon_send(
      to, creative_made{job, std::make_shared<const result<made_creative>>(condition(work))});
}

}  // namespace

// ffmpeg itself never opens a connection: what it reads are files that we have fetched, within
// bounds.
void creative_state::fetch(const std::string& id) {
  auto& j = jobs_.at(id);
  j.stage = creative_stage::fetching;
  fetch_request request;
  request.url = j.url();
  request.timeout = std::chrono::duration_cast<std::chrono::milliseconds>(options_.job_timeout);
  request.max_bytes = options_.max_source_bytes;
  request.from_stranger = !j.wanted.identity.empty();
  if (const auto* s = sources_.find(j.source); s != nullptr && known(j.wanted, j.source))
    request.headers = conditions_of(*s, request.url);
  arguments_.fetcher->fetch(std::move(request), [to = me(), id](result<fetch_response> answer) {
    caf::anon_send(to,
                   source_fetched{id, std::make_shared<result<fetch_response>>(std::move(answer))});
  });
}

void creative_state::on(const source_fetched& m) {
  auto& j = jobs_.at(m.job);
  const auto& answer = *m.answer;
  if (!answer) return not_fetched(m.job, answer.error());
  if (auto c = known(j.wanted, j.source); answer->status == 304 && c) {
    learn(j, sources_.find(j.source)->content);
    return finish(m.job, c);
  }
  if (answer->status != 200)
    return finish(m.job, error{errc::unavailable, j.work.shown,
                               "the server answered HTTP " + std::to_string(answer->status)});
  j.downloaded = options_.root + '/' + downloaded_name(m.job);
  if (is_stream(answer->body)) return fetch_stream(m.job, *m.answer);
  j.fetched = {{}, j.url(), answer->etag, answer->last_modified, {}};
  j.work.source = {j.downloaded};
  self_->system().spawn<caf::detached>(keep_download, m.job, j.downloaded, m.answer, me());
}

// The rest of what a playlist names. Whether all of that has changed no one answer can tell: what
// is asked again is fetched again.
void creative_state::fetch_stream(const std::string& id, result<fetch_response>& playlist) {
  auto& j = jobs_.at(id);
  j.fetched = {{}, j.url(), {}, {}, {}};
  j.work.source = {j.downloaded + '/' + std::string{stream_entry}, true};
  const auto spent = std::chrono::ceil<std::chrono::milliseconds>(playlist->elapsed);
  stream_order order;
  order.first = {std::move(playlist->body),
                 playlist->final_url.empty() ? j.url() : playlist->final_url};
  order.folder = j.downloaded;
  order.from_stranger = !j.wanted.identity.empty();
  order.max_bytes = options_.max_source_bytes;
  order.timeout = options_.job_timeout - std::min(spent, options_.job_timeout);
  order.stop = stop_.get_token();
  self_->system().spawn<caf::detached>(keep_stream, id, std::move(order), arguments_.fetcher, me());
}

void creative_state::not_fetched(const std::string& id, const error& e) {
  auto& j = jobs_.at(id);
  if (e.code != errc::too_large || j.file == j.wanted.others.size()) return finish(id, e);
  // The next best file may be small enough.
  ++j.file;
  j.fetched = {};
  fetch(id);
}

// Bytes that have been conditioned before, or are being conditioned, whatever they were called,
// are not conditioned again.
void creative_state::on(const source_kept& m) {
  auto& j = jobs_.at(m.job);
  if (!*m.content) return not_fetched(m.job, m.content->error());
  learn(j, **m.content);
  j.work.key = key_of(j.wanted, **m.content);
  if (auto c = shelf_.find(j.work.key)) return finish(m.job, std::move(c));
  work_on(m.job);
}

void creative_state::learn(job& j, std::string content) {
  if (j.fetched.url.empty()) j.fetched = *sources_.find(j.source);  // nothing has changed
  j.fetched.content = std::move(content);
  j.fetched.fresh_until = now() + believed_for;
  keep(arguments_.tables.sources, j.source, record_of(j.fetched));
  if (const auto forgotten = sources_.put(j.source, j.fetched))
    drop(arguments_.tables.sources, *forgotten);
}

void creative_state::work_on(const std::string& id) {
  auto& j = jobs_.at(id);
  j.stage = creative_stage::conditioning;
  j.conditioned_from = self_->clock().now();
  auto& waiting = making_[j.work.key];
  waiting.push_back(id);
  if (waiting.size() == 1) self_->system().spawn<caf::detached>(condition_file, id, j.work, me());
}

void creative_state::on(const creative_made& m) {
  const auto& j = jobs_.at(m.job);
  auto node = making_.extract(j.work.key);
  arguments_.counters->conditioning.add(self_->clock().now() - j.conditioned_from);
  if (*m.made) arguments_.counters->conditioned.fetch_add(1, std::memory_order_relaxed);
  const auto made = *m.made ? result<stitch::creative_ptr>{shelve(**m.made)} : m.made->error();
  for (const auto& id : node.mapped()) finish(id, made);
  make_room();
}

void creative_state::remember(const job& j, const error& e) {
  std::vector<std::string> forgotten;
  const auto& s = setbacks_.fail(j.source, j.work.shown, e, now(), forgotten);
  if (s.quarantined) {
    spdlog::warn("creatives: {} is in quarantine until {}: {}", s.source, format_iso8601(s.until),
                 s.why);
    keep(arguments_.tables.setbacks, j.source, record_of(s));
  }
  for (auto& key : forgotten) drop(arguments_.tables.setbacks, std::move(key));
}

void creative_state::finish(const std::string& id, const result<stitch::creative_ptr>& made) {
  auto node = jobs_.extract(id);
  auto& j = node.mapped();
  --running_;
  if (j.work.source.playlist) {
    remove_folders({downloaded_name(id)});
  } else if (!j.downloaded.empty()) {
    std::error_code ec;
    std::filesystem::remove(j.downloaded, ec);
  }
  if (made) {
    if (setbacks_.clear(j.source)) drop(arguments_.tables.setbacks, j.source);
    arguments_.store->use((*made)->key);
    for (auto& w : j.waiting) w.deliver(conditioned{*made});
  } else {
    // What there is plays on, whatever becomes of its source.
    if (const auto* s = sources_.find(j.source); s != nullptr && known(j.wanted, j.source)) {
      auto later = *s;
      later.fresh_until = now() + believed_for_want;
      sources_.put(j.source, std::move(later));
    }
    remember(j, made.error());
    arguments_.counters->failed.fetch_add(1, std::memory_order_relaxed);
    for (auto& w : j.waiting) w.deliver(to_caf(made.error()));
  }
  start_next();
}

}  // namespace interlude
