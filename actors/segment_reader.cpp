#include "actors/segment_reader.hpp"

#include <caf/all.hpp>

#include "actors/creative/segment_probe.hpp"

namespace interlude {

namespace {

byte_view view_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// Where a byte range is part of the name, as in one file with all initializations.
std::string name_of(const std::string& url, const std::optional<byte_span>& range) {
  return range ? url + '#' + std::to_string(range->offset) + '+' + std::to_string(range->length)
               : url;
}

caf::error to_caf(const error& e) {
  return caf::make_error(caf::sec::runtime_error, e.message());
}

}  // namespace

void segment_reader_state::start(segment_reader_actor::pointer self,
                                 segment_reader_arguments arguments) {
  self_ = self;
  arguments_ = std::move(arguments);
  reader_ = std::make_unique<stitch::in_band_reader>(arguments_.policy);
}

caf::result<segment_cues> segment_reader_state::on(const read_segment& m) {
  // Who asked before waits no longer: its time was up.
  if (waiting_.pending())
    waiting_.deliver(to_caf({errc::timed_out, "", "the next one was asked for"}));
  segment_ = m.segment;
  wanted_ = probe_of(*segment_);
  auto missing = wanted_;
  if (name_of(wanted_.init_url, wanted_.init_range) == initialization_.url)
    missing.init_url.clear();
  if (wanted_.key_url == key_.url) missing.key_url.clear();
  waiting_ = self_->make_response_promise<segment_cues>();
  fetch_segment(
      *arguments_.fetcher, missing, arguments_.timeout,
      [me = caf::actor_cast<segment_reader_actor>(self_->ctrl()),
       question = ++question_](auto parts) {
        caf::anon_send(
            me, parts_fetched{question, std::make_shared<result<segment_parts>>(std::move(parts))});
      });
  return waiting_;
}

result<stitch::in_band_cues> segment_reader_state::read(segment_parts parts) {
  if (!parts.initialization.empty())
    initialization_ = {name_of(wanted_.init_url, wanted_.init_range),
                       std::move(parts.initialization)};
  if (!parts.key.empty()) key_ = {wanted_.key_url, std::move(parts.key)};
  if (!wanted_.key_url.empty()) {
    auto clear = decrypt_aes128(parts.media, key_.content, wanted_.iv);
    if (!clear) return clear.error();
    parts.media = *std::move(clear);
  }
  return reader_->read(*segment_, view_of(parts.media),
                       wanted_.init_url.empty() ? byte_view{} : view_of(initialization_.content));
}

void segment_reader_state::on(const parts_fetched& m) {
  if (m.question != question_ || !waiting_.pending()) return;
  auto found =
      *m.parts ? read(std::move(**m.parts)) : result<stitch::in_band_cues>{m.parts->error()};
  if (found)
    waiting_.deliver(segment_cues{*std::move(found)});
  else
    waiting_.deliver(to_caf(found.error()));
}

segment_reader_actor::behavior_type segment_reader(
    segment_reader_actor::stateful_pointer<segment_reader_state> self,
    segment_reader_arguments arguments) {
  self->state.start(self, std::move(arguments));
  return {
      [self](const read_segment& m) { return self->state.on(m); },
      [self](const parts_fetched& m) { self->state.on(m); },
  };
}

}  // namespace interlude
