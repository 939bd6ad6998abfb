#include "actors/decision/exposure_record.hpp"

#include "media/core/bits.hpp"

namespace interlude {

namespace {

constexpr std::uint8_t format = 1;
constexpr std::size_t exposure_bytes = 32;

}  // namespace

std::string write_exposures(const exposure_record& record) {
  bit_writer out;
  out.put(format, 8);
  out.put(record.version, 64);
  for (const auto& e : record.seen.exposures()) {
    out.put(static_cast<std::uint64_t>(e.at.time_since_epoch().count()), 64);
    for (const auto key : {e.creative, e.campaign, e.advertiser}) out.put(key, 64);
  }
  return {out.data().begin(), out.data().end()};
}

result<exposure_record> read_exposures(std::string_view text) {
  bit_reader in{{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}};
  exposure_record out;
  const bool known = in.take_as<std::uint8_t>(8) == format;
  out.version = in.take(64);
  const auto count = in.left() / 8 / exposure_bytes;
  if (!known || !in.ok() || in.left() % (8 * exposure_bytes) != 0 ||
      count > ads::exposure_history::max_exposures)
    return error{errc::malformed, "", "this is no record of what a viewer has seen"};
  for (std::size_t i = 0; i < count; ++i) {
    ads::exposure e;
    e.at = instant{duration{in.take_as<std::int64_t>(64)}};
    e.creative = in.take(64);
    e.campaign = in.take(64);
    e.advertiser = in.take(64);
    out.seen.add(e);
  }
  return out;
}

}  // namespace interlude
