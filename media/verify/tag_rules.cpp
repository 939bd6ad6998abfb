#include "media/verify/tag_rules.hpp"

#include <algorithm>
#include <iterator>

#include "media/hls/attribute_list.hpp"

namespace interlude::verify {

namespace {

using hls::tag;

bool is_ad(const hls::segment& s) {
  return s.uri.starts_with("ad/");
}

bool has_line(const hls::media_playlist& p, const hls::segment& s, tag kind) {
  const auto lines = p.lines_of(s);
  return std::any_of(lines.begin(), lines.end(),
                     [kind](const hls::playlist_line& l) { return l.kind == kind; });
}

void check_keys(const hls::media_playlist& p, std::vector<std::string>& wrong) {
  const bool keyed = std::any_of(p.segments.begin(), p.segments.end(),
                                 [](const hls::segment& s) { return !is_ad(s) && s.key_set >= 0; });
  for (const auto& s : p.segments) {
    if (is_ad(s) && s.key_set >= 0)
      wrong.push_back("8: a clear ad under a key: " + std::string{s.uri});
    if (!is_ad(s) && keyed && s.key_set < 0)
      wrong.push_back("8: encrypted content without its key: " + std::string{s.uri});
  }
  for (const auto& line : p.lines) {
    const hls::attribute_list attributes{line.value};
    // The implicit IV is the media sequence number, and ours are not the origin's.
    if (line.kind == tag::key && attributes.text("METHOD") == "AES-128" && !attributes.text("IV"))
      wrong.push_back("8: an AES-128 key without an IV: " + std::string{line.text});
  }
}

void check_maps(const hls::media_playlist& p, std::vector<std::string>& wrong) {
  const bool mapped = std::any_of(p.segments.begin(), p.segments.end(),
                                  [](const hls::segment& s) { return s.map >= 0; });
  for (const auto& s : p.segments) {
    if (mapped && s.uri.find(".m4s") != std::string_view::npos && s.map < 0)
      wrong.push_back("8: a fragment without a map: " + std::string{s.uri});
    if (s.discontinuities > 0 && s.map >= 0 && !has_line(p, s, tag::map))
      wrong.push_back("8: no map after a discontinuity: " + std::string{s.uri});
  }
}

int needed_version(const hls::media_playlist& p) {
  int version = 1;
  for (const auto& line : p.lines) {
    if (line.kind == tag::inf &&
        line.value.substr(0, line.value.find(',')).find('.') != std::string_view::npos)
      version = std::max(version, 3);
    if (line.kind == tag::key && hls::attribute_list{line.value}.text("IV"))
      version = std::max(version, 2);
    if (line.kind == tag::byterange) version = std::max(version, 4);
    if (line.kind == tag::map) version = std::max(version, 6);
  }
  return version;
}

void check_promises(const hls::media_playlist& p, std::vector<std::string>& wrong) {
  bool after_last = true;
  for (auto line = p.lines.rbegin(); line != p.lines.rend(); ++line) {
    if (line->kind == tag::uri) after_last = false;
    if (after_last && line->kind == tag::discontinuity)
      wrong.push_back("8: a discontinuity is the last thing in the playlist");
    switch (line->kind) {
      case tag::part:
      case tag::part_inf:
      case tag::preload_hint:
      case tag::skip:
      case tag::rendition_report:
        wrong.push_back("8: a low-latency tag: " + std::string{line->text});
        break;
      default:
        break;
    }
  }
}

}  // namespace

std::vector<std::string> check_tags(const hls::media_playlist& p) {
  std::vector<std::string> wrong;
  check_keys(p, wrong);
  check_maps(p, wrong);
  check_promises(p, wrong);
  if (p.version < needed_version(p))
    wrong.push_back("8: version " + std::to_string(p.version) + ", but what is used needs " +
                    std::to_string(needed_version(p)));
  return wrong;
}

}  // namespace interlude::verify
