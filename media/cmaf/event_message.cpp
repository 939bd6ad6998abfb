#include "media/cmaf/event_message.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace interlude::cmaf {

namespace {

constexpr std::size_t max_messages = 256;
constexpr std::string_view scte35_scheme = "urn:scte:scte35:2013:bin";

constexpr std::uint32_t fourcc(const char (&name)[5]) {
  std::uint32_t out = 0;
  for (int i = 0; i < 4; ++i) out = out << 8 | static_cast<unsigned char>(name[i]);
  return out;
}

// Calls visit(type, content) for each whole box; stops at one that is damaged.
template <class F>
void for_each_box(byte_view data, F&& visit) {
  while (data.size() >= 8) {
    bit_reader in{data};
    auto size = in.take(32);
    const auto type = in.take_as<std::uint32_t>(32);
    std::size_t header = 8;
    if (size == 1) {
      size = in.take(64);
      header = 16;
    } else if (size == 0) {  // to the end
      size = data.size();
    }
    if (!in.ok() || size < header || size > data.size()) return;
    visit(type, data.first(size).subspan(header));
    data = data.subspan(size);
  }
}

// The content of the first box along a path.
template <class... Rest>
std::optional<byte_view> find_box(byte_view data, std::uint32_t type, Rest... rest) {
  std::optional<byte_view> found;
  for_each_box(data, [&](std::uint32_t t, byte_view content) {
    if (t == type && !found) found = content;
  });
  if constexpr (sizeof...(rest) == 0)
    return found;
  else
    return found ? find_box(*found, rest...) : std::nullopt;
}

// Without overflow for every 64-bit time and 32-bit scale.
duration scaled(std::uint64_t ticks, std::uint32_t scale) {
  const auto whole = ticks / scale, rest = ticks % scale;
  constexpr std::uint64_t most = 9'000'000'000'000;  // seconds; beyond is no time
  return duration{
      static_cast<std::int64_t>(std::min(whole, most) * 1'000'000 + rest * 1'000'000 / scale)};
}

std::string take_text(bit_reader& in) {
  std::string out;
  while (in.left() >= 8) {
    const auto c = in.take_as<char>(8);
    if (c == '\0') return out;
    out += c;
  }
  return out;
}

std::optional<event_message> read_event(byte_view content) {
  bit_reader in{content};
  const auto version = in.take(8);
  in.take(24);
  event_message m;
  std::string scheme;
  std::uint32_t scale = 0, length = 0;
  std::uint64_t time = 0;
  if (version == 1) {
    scale = in.take_as<std::uint32_t>(32);
    time = in.take(64);
    length = in.take_as<std::uint32_t>(32);
    m.id = in.take_as<std::uint32_t>(32);
    scheme = take_text(in);
    take_text(in);
  } else if (version == 0) {
    scheme = take_text(in);
    take_text(in);
    scale = in.take_as<std::uint32_t>(32);
    time = in.take(32);
    length = in.take_as<std::uint32_t>(32);
    m.id = in.take_as<std::uint32_t>(32);
    m.from_segment_start = true;
  }
  if (!in.ok() || scheme != scte35_scheme || scale == 0) return std::nullopt;
  m.time = scaled(time, scale);
  if (length != 0xFFFFFFFF) m.length = scaled(length, scale);
  const auto rest = in.rest();
  m.section.assign(rest.begin(), rest.end());
  return m;
}

std::optional<duration> start_of(byte_view moof, const timescales& scales) {
  const auto traf = find_box(moof, fourcc("traf"));
  if (!traf) return std::nullopt;
  const auto header = find_box(*traf, fourcc("tfhd"));
  const auto time = find_box(*traf, fourcc("tfdt"));
  if (!header || !time) return std::nullopt;
  bit_reader ids{*header};
  ids.take(32);
  const auto scale = scales.find(ids.take_as<std::uint32_t>(32));
  bit_reader in{*time};
  const bool wide = in.take(8) == 1;
  in.take(24);
  const auto ticks = in.take(wide ? 64 : 32);
  if (!ids.ok() || !in.ok() || scale == scales.end()) return std::nullopt;
  return scaled(ticks, scale->second);
}

}  // namespace

timescales read_timescales(byte_view initialization) {
  timescales out;
  const auto moov = find_box(initialization, fourcc("moov"));
  if (!moov) return out;
  for_each_box(*moov, [&](std::uint32_t type, byte_view trak) {
    if (type != fourcc("trak")) return;
    const auto header = find_box(trak, fourcc("tkhd"));
    const auto media = find_box(trak, fourcc("mdia"), fourcc("mdhd"));
    if (!header || !media) return;
    bit_reader ids{*header};
    const bool wide_header = ids.take(8) == 1;
    ids.take(24);
    ids.take(wide_header ? 64 : 32);
    ids.take(wide_header ? 64 : 32);
    const auto id = ids.take_as<std::uint32_t>(32);
    bit_reader in{*media};
    const bool wide = in.take(8) == 1;
    in.take(24);
    in.take(wide ? 64 : 32);
    in.take(wide ? 64 : 32);
    const auto scale = in.take_as<std::uint32_t>(32);
    if (ids.ok() && in.ok() && scale > 0) out[id] = scale;
  });
  return out;
}

fragment read_fragment(byte_view segment, const timescales& scales) {
  fragment out;
  for_each_box(segment, [&](std::uint32_t type, byte_view content) {
    if (type == fourcc("emsg") && out.messages.size() < max_messages)
      if (auto m = read_event(content)) out.messages.push_back(*std::move(m));
    if (type == fourcc("moof") && !out.start) out.start = start_of(content, scales);
  });
  return out;
}

}  // namespace interlude::cmaf
