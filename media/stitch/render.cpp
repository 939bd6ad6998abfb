#include "media/stitch/render.hpp"

#include <algorithm>

#include "media/hls/attribute_list.hpp"
#include "media/stitch/content_names.hpp"
#include "media/stitch/interstitials.hpp"

namespace interlude::stitch {

using namespace std::chrono_literals;

namespace {

constexpr std::string_view key_none = "#EXT-X-KEY:METHOD=NONE\n";

// Writes segments one after another, and between them what changes: discontinuity, date, key, map.
class segment_writer {
 public:
  segment_writer(std::string& out, std::size_t index, const render_options& options)
      : out_(out),
        index_(index),
        keep_cues_(options.keep_cues),
        content_(options.content_of.empty() ? "" : content_prefix(options.content_of)) {}

  void write(const segment_view& v) {
    if (v.discontinuity) {
      // One for each step of the number: audio whose boundaries lie elsewhere may skip all that lay
      // between the end of a break and a discontinuity of the origin's (7d).
      for (auto n = first_ ? 1 : std::max<std::int64_t>(1, v.dsn - dsn_); n > 0; --n)
        out_ += "#EXT-X-DISCONTINUITY\n";
      map_ = {};  // section 8: repeated after every discontinuity
    }
    dsn_ = v.dsn;
    if (v.content != nullptr)
      content(v);
    else
      ad(v);
    first_ = false;
  }

 private:
  void content(const segment_view& v) {
    const auto& s = *v.content;
    if (s.key_lines.empty())
      clear();
    else if (switched(key_, s.key_lines))
      out_ += content_.empty() ? s.key_lines : named_keys(s.key_lines, content_);
    if (s.map_line.empty())
      map_ = {};
    else if (switched(map_, s.map_line))
      out_ += content_.empty() ? s.map_line : named_map(s.map_line, content_);
    if (first_ || v.discontinuity || s.dated || next_dated_) date(v.start);
    // A date that was moved so as not to go back must not move those of the segments that follow.
    next_dated_ = v.start != s.start;
    if (keep_cues_) out_ += s.cue_lines;
    if (content_.empty())
      out_ += s.lines;
    else
      append_named_lines(out_, s, content_);
  }

  void ad(const segment_view& v) {
    const auto& r = *v.ad;
    const auto& t = r.media->tracks[index_];
    if (ad_ != &r) {
      ad_ = &r;
      prefix_ = ad_prefix(r.break_id, r.item, t);
      ad_map_ = t.init.empty() ? std::string{} : "#EXT-X-MAP:URI=\"" + prefix_ + t.init + "\"\n";
    }
    // RFC 8216bis 4.4.4.4: a key applies to what follows, the map included.
    clear();
    if (ad_map_.empty())
      map_ = {};
    else if (switched(map_, ad_map_))
      out_ += ad_map_;
    if (first_ || v.discontinuity) date(v.start);
    out_ += "#EXTINF:";
    append_seconds(out_, v.length);
    out_ += ",\n";
    out_ += prefix_;
    out_ += std::to_string(v.segment);
    out_ += t.extension;
    out_ += '\n';
  }

  // Whether a line has to be written for `wanted` to be in force.
  static bool switched(std::string& current, const std::string& wanted) {
    if (current == wanted) return false;
    current = wanted;
    return true;
  }

  void clear() {
    if (key_.empty()) return;
    key_.clear();
    out_ += key_none;
  }

  void date(instant t) {
    out_ += "#EXT-X-PROGRAM-DATE-TIME:";
    out_ += format_iso8601(t);
    out_ += '\n';
  }

  std::string& out_;
  std::size_t index_;
  bool keep_cues_;
  std::string content_;  // what the names of content hang on; empty: the origin's URLs
  bool first_ = true;
  bool next_dated_ = false;
  std::int64_t dsn_ = 0;  // of the segment before
  std::string key_, map_;
  const run* ad_ = nullptr;
  std::string prefix_, ad_map_;
};

bool has_ads(const track& t) {
  return std::any_of(t.runs.begin(), t.runs.end(), [](const run& r) { return !r.is_content(); });
}

bool has_mapped_ads(const track& t, std::size_t index) {
  return std::any_of(t.runs.begin(), t.runs.end(), [&](const run& r) {
    return !r.is_content() && !r.media->tracks[index].init.empty();
  });
}

// Section 8: the highest version that what is in the playlist needs. Ads bring decimal EXTINFs (3)
// and maps (6).
int version_of(const track& t, const rendition_window& w, std::size_t index) {
  int version = w.version;
  if (has_ads(t)) version = std::max(version, 3);
  if (has_mapped_ads(t, index)) version = std::max(version, 6);
  const bool keyed = std::any_of(w.segments.begin(), w.segments.end(),
                                 [](const segment_ptr& s) { return !s->key_lines.empty(); });
  return keyed ? std::max(version, 2) : version;
}

// A DATERANGE of content that was replaced says nothing about what is shown instead.
bool lies_in_break(std::string_view line, const audience& a) {
  const auto start = hls::attribute_list{line.substr(line.find(':') + 1)}.date("START-DATE");
  return start && std::any_of(a.splices.begin(), a.splices.end(), [&](const splice& sp) {
           return *start >= sp.out && (!sp.resume || *start < *sp.resume) &&
                  !sp.plan->items.empty();
         });
}

void write_head(std::string& out, const track& t, const rendition_window& w, std::size_t index,
                const segment_view& first) {
  out += "#EXTM3U\n#EXT-X-VERSION:";
  out += std::to_string(version_of(t, w, index));
  out += "\n#EXT-X-TARGETDURATION:";
  out += std::to_string(std::chrono::round<std::chrono::seconds>(w.target_duration).count());
  out += "\n#EXT-X-MEDIA-SEQUENCE:";
  out += std::to_string(first.number);
  // A tag before the first segment counts on its own: the header says what was before it.
  out += "\n#EXT-X-DISCONTINUITY-SEQUENCE:";
  out += std::to_string(first.dsn - (first.discontinuity ? 1 : 0));
  out += '\n';
  if (w.independent_segments) out += "#EXT-X-INDEPENDENT-SEGMENTS\n";
  out += w.start_line;
}

}  // namespace

std::string ad_prefix(std::string_view break_id, std::uint32_t item, const creative_track& t) {
  std::string out = "ad/";
  out += break_id;
  out += '/';
  out += std::to_string(item);
  out += '/';
  out += t.path;
  out += '/';
  return out;
}

std::string render_media_playlist(const snapshot& s, const audience& a, std::size_t index,
                                  const render_options& options) {
  std::string out;
  if (index >= a.tracks.size() || !a.tracks[index] || !s.windows[index]) return out;
  const auto& t = *a.tracks[index];
  const auto& w = *s.windows[index];
  out.reserve(4096);
  segment_writer writer{out, index, options};
  bool first = true;
  for_each_segment(t, w, index, [&](const segment_view& v) {
    if (first) {
      write_head(out, t, w, index, v);
      for (const auto& line : w.date_ranges)
        if (!lies_in_break(line, a)) out += line;
      if (a.guided) append_interstitials(out, s, v.start, options);
    }
    first = false;
    writer.write(v);
  });
  if (w.ended && !t.in_break && !first) out += "#EXT-X-ENDLIST\n";
  return out;
}

}  // namespace interlude::stitch
