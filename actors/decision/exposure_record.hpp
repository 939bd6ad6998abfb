// What a viewer has seen, as the store keeps it: a format byte, the version, then 32 bytes for each
// exposure (time in microseconds, creative, campaign, advertiser), all big-endian.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ads/frequency/exposure_history.hpp"
#include "media/core/result.hpp"

namespace interlude {

struct exposure_record {
  std::uint64_t version = 0;  // grows with every change, so that the newer of two is known
  ads::exposure_history seen;
};

std::string write_exposures(const exposure_record& record);
result<exposure_record> read_exposures(std::string_view text);

}  // namespace interlude
