#include "media/scte35/splice_info.hpp"

namespace interlude::scte35 {

namespace {

template <class... F>
struct overloaded : F... {
  using F::operator()...;
};
template <class... F>
overloaded(F...) -> overloaded<F...>;

}  // namespace

std::uint8_t splice_command_type(const splice_command& command) noexcept {
  return std::visit(
      overloaded{[](const splice_null&) -> std::uint8_t { return 0x00; },
                 [](const splice_schedule&) -> std::uint8_t { return 0x04; },
                 [](const splice_insert&) -> std::uint8_t { return 0x05; },
                 [](const time_signal&) -> std::uint8_t { return 0x06; },
                 [](const bandwidth_reservation&) -> std::uint8_t { return 0x07; },
                 [](const private_command&) -> std::uint8_t { return 0xFF; },
                 [](const unknown_command& c) -> std::uint8_t { return c.splice_command_type; }},
      command);
}

const char* splice_command_name(const splice_command& command) noexcept {
  constexpr const char* names[] = {"splice_null", "splice_schedule",       "splice_insert",
                                   "time_signal", "bandwidth_reservation", "private_command",
                                   "reserved"};
  return names[command.index()];
}

const char* splice_descriptor_name(const splice_descriptor& d) noexcept {
  constexpr const char* names[] = {"avail_descriptor",        "DTMF_descriptor",
                                   "segmentation_descriptor", "time_descriptor",
                                   "audio_descriptor",        "private_descriptor"};
  return names[d.content.index()];
}

std::optional<std::vector<segmentation_upid>> upids_of_mid(byte_view value) {
  std::vector<segmentation_upid> out;
  bit_reader in{value};
  while (in.left() > 0) {
    segmentation_upid u;
    u.type = in.take_as<std::uint8_t>(8);
    const auto content = in.take_bytes(in.take_as<std::size_t>(8));
    if (!in.ok()) return std::nullopt;
    u.value.assign(content.begin(), content.end());
    out.push_back(std::move(u));
  }
  return out;
}

}  // namespace interlude::scte35
