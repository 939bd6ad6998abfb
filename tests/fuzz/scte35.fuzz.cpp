// Whatever calls itself a SCTE-35 message: it is read, or refused; what is read is written as it
// was, and can be shown and acted on.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "media/scte35/decode.hpp"
#include "media/scte35/encode.hpp"
#include "media/scte35/json.hpp"
#include "media/scte35/signals.hpp"

using namespace interlude;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static_cast<void>(scte35::decode_text({reinterpret_cast<const char*>(data), size}));
  // The fuzzer does not find checksums: whatever stands there passes, and is kept.
  const byte_view message{data, size};
  const auto section = scte35::decode_leniently(message);
  if (!section) return 0;
  const auto raw = scte35::encode(*section);
  if (!raw || raw->size() > size || !std::equal(raw->begin(), raw->end(), data)) std::abort();
  const auto again = scte35::decode_leniently(*raw);
  if (!again || *again != *section) std::abort();
  static_cast<void>(scte35::to_json(*section));
  static_cast<void>(scte35::signals_of(*section, {}));
  return 0;
}
