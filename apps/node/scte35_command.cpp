#include "apps/node/scte35_command.hpp"

#include <istream>
#include <ostream>

#include "media/core/json_text.hpp"
#include "media/scte35/decode.hpp"
#include "media/scte35/json.hpp"

namespace interlude {

namespace {

constexpr std::size_t max_input = 64 * 1024;  // more than any message in any form

constexpr auto usage =
    "usage: interlude scte35 decode MESSAGE\n"
    "  MESSAGE is base64 or hexadecimal (0x...); - reads it from standard input, binary too\n";

std::string read_bounded(std::istream& in) {
  std::string text(max_input, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

result<scte35::splice_info_section> decode_any(const std::string& message) {
  // The table_id of a binary message; no text begins with it.
  if (message.starts_with('\xFC'))
    return scte35::decode_leniently(
        {reinterpret_cast<const std::uint8_t*>(message.data()), message.size()});
  const auto raw = scte35::bytes_of_text(message);
  if (!raw) return raw.error();
  return scte35::decode_leniently(*raw);
}

}  // namespace

int run_scte35_command(std::span<const std::string> words, std::istream& in, std::ostream& out,
                       std::ostream& err) {
  if (words.size() != 2 || words[0] != "decode") {
    err << usage;
    return 2;
  }
  const auto section = decode_any(words[1] == "-" ? read_bounded(in) : words[1]);
  if (!section) {
    err << "not a SCTE-35 message: " << section.error().message() << '\n';
    return 1;
  }
  if (section->wrong_crc)
    err << "warning: CRC_32 does not hold; the node would ignore this message\n";
  out << indented_json(scte35::to_json(*section)) << '\n';
  return 0;
}

}  // namespace interlude
