#include "actors/creative/creative_actor.hpp"

#include <openssl/evp.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <caf/all.hpp>
#include <filesystem>
#include <fstream>

#include "media/core/hex.hpp"
#include "media/hls/multivariant_playlist.hpp"

namespace interlude {

using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_setbacks = 1024;

bool is_url(std::string_view source) {
  return source.starts_with("http://") || source.starts_with("https://");
}

// A file that changes is another source; a URL is its own identity.
std::string identity_of(const std::string& source) {
  if (is_url(source)) return source;
  std::error_code ec;
  const auto path = fs::weakly_canonical(source, ec);
  const auto size = fs::file_size(source, ec);
  const auto time = fs::last_write_time(source, ec).time_since_epoch().count();
  return path.string() + '\n' + std::to_string(size) + '\n' + std::to_string(time);
}

std::string short_sha256(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  // 128 bits name a creative well enough, and short names make short playlists.
  return to_hex(byte_view{digest}.first(16));
}

std::string key_of(const condition_creative& wanted) {
  const auto length = wanted.exact ? std::to_string(wanted.exact->count()) : "whole";
  const auto identity = wanted.identity.empty() ? identity_of(wanted.source) : wanted.identity;
  return short_sha256(identity + '\n' + wanted.ladder->fingerprint() + '\n' + length);
}

// What workers do: each is an actor with a thread of its own that does one job, says what came of
// it, and ends.
void condition_file(caf::event_based_actor*, const conditioning_job& work,
                    const creative_keeper& to) {
  caf::anon_send(
      to,
      creative_made{work.key, std::make_shared<const result<stitch::creative>>(condition(work))});
}

void condition_download(caf::event_based_actor* self, const conditioning_job& work,
                        const std::shared_ptr<result<fetch_response>>& answer,
                        const creative_keeper& to) {
  {
    std::ofstream out{work.source, std::ios::binary};
    out << (*answer)->body;
  }
  condition_file(self, work, to);
  std::error_code ec;
  fs::remove(work.source, ec);
}

}  // namespace

caf::error creative_state::to_caf(const error& e) {
  return caf::make_error(caf::sec::runtime_error, e.message());
}

void creative_state::start(creative_keeper::pointer self, creative_options options,
                           std::shared_ptr<http_fetcher> fetcher,
                           std::shared_ptr<storage::record_table> catalogue,
                           storage_writer_actor writer) {
  self_ = self;
  options_ = std::move(options);
  fetcher_ = std::move(fetcher);
  catalogue_ = std::move(catalogue);
  writer_ = std::move(writer);
  std::error_code ec;
  fs::create_directories(options_.root, ec);
  remove_leftovers(options_.root);
}

// Made before, in this life or an earlier one, and still there.
stitch::creative_ptr creative_state::known(const std::string& key) {
  if (const auto it = made_.find(key); it != made_.end()) return it->second;
  const auto record = catalogue_->find(key);
  if (!record || !*record) return nullptr;
  auto c = read_creative_record(**record);
  if (!c || !creative_is_there(*c, options_.root)) return nullptr;
  return made_[key] = std::make_shared<const stitch::creative>(*std::move(c));
}

caf::result<conditioned> creative_state::on(const condition_creative& wanted) {
  const auto key = key_of(wanted);
  if (auto c = known(key)) return conditioned{std::move(c)};
  // Made only where it is used: once there is a promise, CAF ignores what the handler returns.
  if (const auto it = jobs_.find(key); it != jobs_.end()) {
    auto promise = self_->make_response_promise<conditioned>();
    it->second.waiting.push_back(promise);
    return promise;
  }
  if (const auto it = setbacks_.find(wanted.source);
      it != setbacks_.end() && self_->clock().now() < it->second.until)
    return caf::make_error(caf::sec::runtime_error, it->second.why + " (to be tried again later)");
  if (queue_.size() >= options_.max_queue)
    return caf::make_error(caf::sec::runtime_error,
                           "too many creatives are waiting to be conditioned");
  auto promise = self_->make_response_promise<conditioned>();
  job j;
  j.wanted = wanted;
  j.work = {key,
            options_.root,
            wanted.source,
            std::string{is_url(wanted.source) ? hls::without_query(wanted.source) : wanted.source},
            wanted.ladder,
            wanted.exact,
            options_.job_timeout,
            stop_.get_token()};
  j.waiting.push_back(promise);
  jobs_.emplace(key, std::move(j));
  queue_.push_back(key);
  start_next();
  return promise;
}

void creative_state::start_next() {
  while (running_ < options_.max_jobs && !queue_.empty()) {
    const auto key = std::move(queue_.front());
    queue_.pop_front();
    ++running_;
    auto& j = jobs_.at(key);
    if (!is_url(j.wanted.source)) {
      work_on(key);
      continue;
    }
    // ffmpeg itself never opens a connection: what it reads is a file that we have fetched, within
    // bounds.
    fetch_request request;
    request.url = j.wanted.source;
    request.timeout = std::chrono::duration_cast<std::chrono::milliseconds>(options_.job_timeout);
    request.max_bytes = options_.max_source_bytes;
    request.from_stranger = !j.wanted.identity.empty();
    fetcher_->fetch(std::move(request), [to = me(), key](result<fetch_response> answer) {
      caf::anon_send(
          to, source_fetched{key, std::make_shared<result<fetch_response>>(std::move(answer))});
    });
  }
}

void creative_state::on(const source_fetched& m) {
  auto& j = jobs_.at(m.key);
  if (!*m.answer) return finish(m.key, m.answer->error());
  if ((*m.answer)->status != 200)
    return finish(m.key, error{errc::unavailable, j.work.shown,
                               "the server answered HTTP " + std::to_string((*m.answer)->status)});
  // Named so that remove_leftovers() finds it if we are killed.
  j.downloaded = options_.root + "/" + m.key + ".source.part";
  j.work.source = j.downloaded;
  self_->system().spawn<caf::detached>(condition_download, j.work, m.answer, me());
}

void creative_state::work_on(const std::string& key) {
  self_->system().spawn<caf::detached>(condition_file, jobs_.at(key).work, me());
}

void creative_state::on(const creative_made& m) {
  finish(m.key, *m.made);
}

void creative_state::remember(const std::string& source, const error& e) {
  if (setbacks_.size() >= max_setbacks) setbacks_.erase(setbacks_.begin());
  auto& s = setbacks_[source];
  const auto pause =
      std::min<std::chrono::seconds>(30s * (1 << std::min<std::uint32_t>(s.failures, 5)), 600s);
  ++s.failures;
  s.until = self_->clock().now() + pause;
  s.why = e.message();
}

void creative_state::finish(const std::string& key, const result<stitch::creative>& made) {
  auto node = jobs_.extract(key);
  --running_;
  auto& j = node.mapped();
  if (made) {
    setbacks_.erase(j.wanted.source);
    auto c = std::make_shared<const stitch::creative>(*made);
    made_[key] = c;
    spdlog::info("creative {}: {} conditioned, {} s in {} tracks", key, j.work.shown,
                 format_seconds(c->total), c->tracks.size());
    caf::anon_send(writer_,
                   store_write{[catalogue = catalogue_, key, record = creative_record(*c)](
                                   storage::transaction& t) { catalogue->put(t, key, record); }});
    for (auto& w : j.waiting) w.deliver(conditioned{c});
  } else {
    remember(j.wanted.source, made.error());
    for (auto& w : j.waiting) w.deliver(to_caf(made.error()));
  }
  start_next();
}

creative_keeper::behavior_type creatives(creative_keeper::stateful_pointer<creative_state> self,
                                         creative_options options,
                                         std::shared_ptr<http_fetcher> fetcher,
                                         std::shared_ptr<storage::record_table> catalogue,
                                         storage_writer_actor writer) {
  self->state.start(self, std::move(options), std::move(fetcher), std::move(catalogue),
                    std::move(writer));
  return {
      [self](const condition_creative& m) { return self->state.on(m); },
      [self](const probe_rendition& m) { return self->state.on(m); },
      [self](const creative_made& m) { self->state.on(m); },
      [self](const source_fetched& m) { self->state.on(m); },
      [self](const segment_fetched& m) { self->state.on(m); },
      [self](const segment_read& m) { self->state.on(m); },
  };
}

}  // namespace interlude
