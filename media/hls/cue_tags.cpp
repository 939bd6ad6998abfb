#include "media/hls/cue_tags.hpp"

#include <algorithm>
#include <charconv>

#include "media/hls/attribute_list.hpp"

namespace interlude::hls {

namespace {

std::string text_of(const attribute_list& attributes, std::string_view name) {
  return std::string{attributes.text(name).value_or("")};
}

class cue_reader {
 public:
  explicit cue_reader(const media_playlist& p) : p_(p) {}

  cue_tags run() {
    for (std::uint32_t i = 0; i < p_.segments.size(); ++i)
      for (const auto& line : p_.lines_of(p_.segments[i])) read(line, i);
    const auto behind =
        p_.segments.empty() ? 0 : p_.segments.back().first_line + p_.segments.back().line_count;
    for (auto i = behind; i < p_.lines.size(); ++i)
      read(p_.lines[i], static_cast<std::uint32_t>(p_.segments.size()));
    return std::move(out_);
  }

 private:
  void read(const playlist_line& line, std::uint32_t segment) {
    line_ = &line;
    segment_ = segment;
    switch (line.kind) {
      case tag::cue_out:
        return cue_out();
      case tag::cue_out_cont:
        return cue_out_cont();
      case tag::cue_in:
        add(cue_kind::in);
        return;
      case tag::cue:
        return cue();
      case tag::scte35:
        return scte35();
      case tag::oatcls_scte35:
      case tag::splicepoint_scte35:
        return payload();
      case tag::cue_span:
        add(cue_kind::continuation);
        return;
      case tag::asset:
        add(cue_kind::asset);
        return;
      case tag::date_range:
        return date_range();
      default:
        return;
    }
  }

  cue_tag& add(cue_kind kind) {
    cue_tag c;
    c.kind = kind;
    c.spelling = line_->kind;
    c.segment_index = segment_;
    c.line = line_->number;
    return out_.cues.emplace_back(std::move(c));
  }

  // ":30", ":DURATION=30", ":30,ID=7", ":" and nothing.
  void cue_out() {
    auto value = line_->value;
    std::optional<duration> planned;
    const attribute_list attributes{value};
    if (const auto named = attributes.seconds("DURATION")) {
      planned = named;
    } else if (const auto bare = value.substr(0, value.find(',')); !bare.empty()) {
      planned = parse_seconds(bare);
      // A number that is none leaves a break of unknown length: that it starts is certain.
      if (!planned) ++out_.unreadable;
    }
    auto& c = add(cue_kind::out);
    c.planned = planned;
    c.id = text_of(attributes, "ID");
    c.scte35 = text_of(attributes, "SCTE35");
  }

  // "ElapsedTime=8,Duration=30,SCTE35=..." and "8/30".
  void cue_out_cont() {
    const auto value = line_->value;
    auto& c = add(cue_kind::continuation);
    if (const auto slash = value.find('/');
        slash != std::string_view::npos && value.find('=') == std::string_view::npos) {
      c.elapsed = parse_seconds(value.substr(0, slash));
      c.planned = parse_seconds(value.substr(slash + 1));
      if (!c.elapsed) ++out_.unreadable;
      return;
    }
    const attribute_list attributes{value};
    c.elapsed = attributes.seconds("ElapsedTime");
    c.planned = attributes.seconds("Duration");
    if (!c.planned) c.planned = attributes.seconds("DURATION");
    c.scte35 = text_of(attributes, "SCTE35");
    c.id = text_of(attributes, "ID");
  }

  // EXT-X-CUE:TYPE="SpliceOut",ID="1",TIME=...,DURATION=30
  void cue() {
    const attribute_list attributes{line_->value};
    const auto type = attributes.text("TYPE").value_or("");
    if (type != "SpliceOut" && type != "SpliceIn") {
      ++out_.unreadable;
      return;
    }
    auto& c = add(type == "SpliceOut" ? cue_kind::out : cue_kind::in);
    c.id = text_of(attributes, "ID");
    if (type == "SpliceOut") c.planned = attributes.seconds("DURATION");
  }

  // EXT-X-SCTE35:CUE="...",ID="...",TIME=...,DURATION=...,CUE-OUT=YES|CONT|NO,CUE-IN=YES,ELAPSED=...
  void scte35() {
    const attribute_list attributes{line_->value};
    auto kind = cue_kind::payload;
    if (attributes.yes("CUE-OUT"))
      kind = cue_kind::out;
    else if (attributes.text("CUE-OUT") == "CONT")
      kind = cue_kind::continuation;
    else if (attributes.yes("CUE-IN"))
      kind = cue_kind::in;
    auto& c = add(kind);
    c.id = text_of(attributes, "ID");
    c.planned = kind == cue_kind::in ? std::nullopt : attributes.seconds("DURATION");
    c.elapsed = kind == cue_kind::continuation ? attributes.seconds("ELAPSED") : std::nullopt;
    c.scte35 = text_of(attributes, "CUE");
  }

  void payload() {
    if (line_->value.empty()) {
      ++out_.unreadable;
      return;
    }
    add(cue_kind::payload).scte35 = line_->value;
  }

  void date_range() {
    const attribute_list attributes{line_->value};
    const auto start = attributes.date("START-DATE");
    auto end = attributes.date("END-DATE");
    if (start && end && *end < *start) {  // 4.4.5.1 forbids it; no break lasts less than nothing
      ++out_.unreadable;
      end = std::nullopt;
    }
    const auto length = attributes.seconds("DURATION");
    const auto until = end ? end : start && length ? std::optional{*start + *length} : std::nullopt;
    if (const auto out = attributes.text("SCTE35-OUT")) {
      if (!start) {
        ++out_.unreadable;
        return;
      }
      auto& c = add(cue_kind::out);
      c.id = text_of(attributes, "ID");
      c.at = start;
      c.ends_by_itself = until.has_value();
      c.planned = until ? std::optional{*until - *start} : attributes.seconds("PLANNED-DURATION");
      c.scte35 = *out;
    }
    if (const auto in = attributes.text("SCTE35-IN")) {
      // Without an end of its own the tag's START-DATE is the splice-in point, unless it repeats
      // the out's.
      const auto at = until ? until : attributes.find("SCTE35-OUT") ? std::nullopt : start;
      auto& c = add(cue_kind::in);
      c.id = text_of(attributes, "ID");
      c.at = at;
      c.scte35 = *in;
    }
    if (const auto command = attributes.text("SCTE35-CMD")) {
      auto& c = add(cue_kind::payload);
      c.id = text_of(attributes, "ID");
      c.at = start;
      c.planned = length ? length : attributes.seconds("PLANNED-DURATION");
      c.scte35 = *command;
    }
  }

  const media_playlist& p_;
  cue_tags out_;
  const playlist_line* line_ = nullptr;
  std::uint32_t segment_ = 0;
};

}  // namespace

cue_tags read_cue_tags(const media_playlist& playlist) {
  return cue_reader{playlist}.run();
}

}  // namespace interlude::hls
