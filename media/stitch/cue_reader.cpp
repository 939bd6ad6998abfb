#include "media/stitch/cue_reader.hpp"

#include <algorithm>

#include "media/hls/cue_tags.hpp"
#include "media/scte35/decode.hpp"

namespace interlude::stitch {

namespace {

// What a message adds to what is known of the break from elsewhere.
void add(cue& c, const scte35::signal& s) {
  c.splice_id = s.event_id;
  c.rank = s.rank;
  if (!c.planned) c.planned = s.planned;
  c.waits_for_in = s.waits_for_in && !c.end_is_certain;
  c.forbidden = !s.web_delivery_allowed;
}

class reader {
 public:
  reader(const rendition_clock& clock, const scte35::signal_policy& policy)
      : clock_(clock), policy_(policy) {}

  read_cues_result run(const hls::media_playlist& playlist) {
    const auto tags = hls::read_cue_tags(playlist);
    out_.unreadable = tags.unreadable;
    for (const auto& tag : tags.cues)
      if (tag.kind != hls::cue_kind::asset) read(tag);
    return std::move(out_);
  }

 private:
  void read(const hls::cue_tag& tag) {
    const auto message = message_of(tag);
    if (tag.kind == hls::cue_kind::payload) {
      if (message) add_all(tag, *message);
      return;
    }
    auto c = place(tag);
    if (!message) {
      out_.cues.push_back(std::move(c));
      return;
    }
    const bool ends = tag.kind == hls::cue_kind::in;
    const auto signals = scte35::signals_of(*message, policy_);
    const auto* told =
        outermost(signals, ends ? scte35::signal_kind::in : scte35::signal_kind::out);
    if (told != nullptr) {
      add(c, *told);
      out_.cues.push_back(std::move(c));
    } else if (!signals.empty()) {
      add_all(tag, *message);  // a cancellation, a boundary
    } else if (!speaks_of_events(*message)) {
      out_.cues.push_back(std::move(c));
    }
    // Else the message is about something that is no break to us, or is not meant for us.
  }

  std::optional<scte35::splice_info_section> message_of(const hls::cue_tag& tag) {
    if (tag.scte35.empty()) return std::nullopt;
    // Some packagers only say that there was one.
    if (tag.scte35 == "YES" || tag.scte35 == "NO") return std::nullopt;
    auto decoded = scte35::decode_text(tag.scte35);
    if (decoded) return *std::move(decoded);
    ++out_.unreadable;
    return std::nullopt;
  }

  static bool speaks_of_events(const scte35::splice_info_section& s) {
    return std::holds_alternative<scte35::splice_insert>(s.command) ||
           std::any_of(s.descriptors.begin(), s.descriptors.end(), [](const auto& d) {
             return std::holds_alternative<scte35::segmentation_descriptor>(d.content);
           });
  }

  static const scte35::signal* outermost(const std::vector<scte35::signal>& signals,
                                         scte35::signal_kind kind) {
    const scte35::signal* best = nullptr;
    for (const auto& s : signals)
      if (s.kind == kind && (best == nullptr || s.rank < best->rank)) best = &s;
    return best;
  }

  void add_all(const hls::cue_tag& tag, const scte35::splice_info_section& message) {
    for (const auto& s : scte35::signals_of(message, policy_)) {
      auto c = place(tag);
      c.what = kind_of(s.kind);
      add(c, s);
      // The tag's id names the break as a whole, not each event that the message speaks of.
      if (s.kind == scte35::signal_kind::boundary) c.event_id.clear();
      out_.cues.push_back(std::move(c));
    }
  }

  cue place(const hls::cue_tag& tag) const {
    const auto position = clock_.position_of(tag.segment_index);
    cue c;
    c.event_id = tag.id;
    c.planned = tag.planned;
    c.elapsed = tag.elapsed;
    c.end_is_certain = tag.ends_by_itself;
    // Section 2: where a tag's place and its own date differ, the date wins.
    c.at = tag.at ? clock_.on_channel_clock(*tag.at, position) : position;
    if (tag.kind == hls::cue_kind::continuation) c.what = cue::kind::continuation;
    if (tag.kind == hls::cue_kind::in) c.what = cue::kind::in;
    return c;
  }

  const rendition_clock& clock_;
  const scte35::signal_policy& policy_;
  read_cues_result out_;
};

}  // namespace

read_cues_result read_cues(const hls::media_playlist& playlist, const rendition_clock& clock,
                           const scte35::signal_policy& policy) {
  return reader{clock, policy}.run(playlist);
}

}  // namespace interlude::stitch
