// Whatever a segment is made of: cues are read out of it, or nothing is.
#include <cstdint>
#include <cstdlib>

#include "media/stitch/in_band.hpp"
#include "media/ts/splice_scanner.hpp"

using namespace interlude;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The first byte says where the input is cut: into two segments, or initialization and segment.
  if (size == 0) return 0;
  const byte_view all{data + 1, size - 1};
  const auto first = all.first(all.size() * data[0] / 256);
  const auto second = all.subspan(first.size());
  stitch::content_segment segment;
  segment.msn = 1;
  stitch::in_band_reader fragments{{}};
  static_cast<void>(fragments.read(segment, second, first));
  stitch::in_band_reader stream{{}};
  std::size_t cues = 0;
  for (const auto part : {first, second}) {
    cues += stream.read(segment, part, {}).cues.size();
    ++segment.msn;
  }
  ts::splice_scanner scanner;
  std::size_t sections = 0;
  for (const auto part : {first, second}) sections += scanner.feed(part).size();
  if (sections > size) std::abort();
  // Every cue needs a message of its own, and those have a least size.
  if (cues > size) std::abort();
  return 0;
}
