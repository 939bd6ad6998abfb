#include "media/stitch/rendition_match.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <tuple>
#include <utility>

namespace interlude::stitch {

namespace {

std::string_view without_rate(std::string_view identity) {
  return identity.substr(0, identity.rfind('@'));
}

std::string_view first_part(std::string_view identity) {
  return identity.substr(0, identity.find('|'));
}

class matcher {
 public:
  matcher(std::span<const described_rendition> listed, std::span<const described_rendition> known)
      : listed_(listed),
        known_(known),
        match_(listed.size(), channel_description::npos),
        taken_(known.size()) {}

  // Pairs of those left that are alike, nearest in rate first, then in the order they stand.
  template <class Alike>
  void pair(Alike&& alike) {
    std::vector<std::tuple<std::int64_t, std::size_t, std::size_t>> pairs;
    for (std::size_t l = 0; l < listed_.size(); ++l)
      for (std::size_t k = 0; k < known_.size(); ++k)
        if (is_free(l, k) && listed_[l].info.kind == known_[k].info.kind &&
            alike(listed_[l], known_[k]))
          pairs.emplace_back(std::abs(rate_of(listed_[l].info) - rate_of(known_[k].info)), l, k);
    std::sort(pairs.begin(), pairs.end());
    for (const auto& [distance, l, k] : pairs) {
      if (!is_free(l, k)) continue;
      match_[l] = k;
      taken_[k] = true;
    }
  }
  std::vector<std::size_t> take() { return std::move(match_); }

 private:
  bool is_free(std::size_t l, std::size_t k) const {
    return match_[l] == channel_description::npos && !taken_[k];
  }

  std::span<const described_rendition> listed_, known_;
  std::vector<std::size_t> match_;
  std::vector<bool> taken_;
};

}  // namespace

std::vector<std::size_t> match_renditions(std::span<const described_rendition> listed,
                                          std::span<const described_rendition> known) {
  using rendition = const described_rendition&;
  matcher m{listed, known};
  m.pair([](rendition a, rendition b) {
    return hls::without_query(a.url) == hls::without_query(b.url);
  });
  m.pair([](rendition a, rendition b) { return a.info.identity == b.info.identity; });
  m.pair([](rendition a, rendition b) {
    return without_rate(a.info.identity) == without_rate(b.info.identity);
  });
  m.pair([](rendition a, rendition b) {
    return !first_part(a.info.identity).empty() &&
           first_part(a.info.identity) == first_part(b.info.identity);
  });
  return m.take();
}

std::string identity_of(const hls::variant& v) {
  std::string out;
  if (v.resolution)
    out = std::to_string(v.resolution->width) + 'x' + std::to_string(v.resolution->height);
  out += '|';
  out += v.codecs;
  if (v.frame_rate) out += ' ' + std::to_string(*v.frame_rate);
  return out + '@' + std::to_string(v.bandwidth);
}

std::string identity_of(const hls::media_rendition& m) {
  std::string out{m.language};
  out += '|';
  out += m.name;
  out += ' ';
  out += m.channels;
  return out + "@0";
}

std::int64_t rate_of(const rendition_info& r) {
  const auto at = r.identity.rfind('@');
  std::int64_t rate = 0;
  if (at != std::string::npos)
    std::from_chars(r.identity.data() + at + 1, r.identity.data() + r.identity.size(), rate);
  return rate;
}

}  // namespace interlude::stitch
