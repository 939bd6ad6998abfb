// Whatever an origin sends: it is read, or refused; what is read can be written back, and stitched.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "media/hls/cue_tags.hpp"
#include "media/hls/media_playlist.hpp"
#include "media/stitch/channel_description.hpp"
#include "media/stitch/channel_timeline.hpp"
#include "media/stitch/render.hpp"

using namespace interlude;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text{reinterpret_cast<const char*>(data), size};
  if (const auto d = stitch::describe_channel(text, "http://origin.test/a/master.m3u8"))
    static_cast<void>(stitch::render_multivariant(**d, "s/t/"));
  const auto p = hls::parse_media_playlist(text, {}, {}, "a=b");
  if (!p) return 0;
  const auto again = hls::parse_media_playlist(hls::write_playlist(p->lines));
  if (!again || again->segments.size() != p->segments.size()) std::abort();
  stitch::channel_timeline timeline{{{"v0", stitch::rendition_kind::video, {}}}, {}};
  timeline.add_audience("all", false);
  timeline.add_audience("guided", true);
  const instant now = *parse_iso8601("2026-01-01T00:00:00Z");
  if (!timeline.refresh(0, *p, "http://origin.test/a/v0.m3u8", now)) return 0;
  timeline.advance(now);
  const auto s = timeline.take_snapshot();
  for (const auto* key : {"all", "guided"})
    static_cast<void>(stitch::render_media_playlist(*s, *s->audiences.at(key), 0, {}));
  return 0;
}
