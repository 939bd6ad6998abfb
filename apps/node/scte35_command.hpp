// "interlude scte35 decode MESSAGE": what a SCTE-35 message says, as one JSON object.
#pragma once

#include <iosfwd>
#include <span>
#include <string>

namespace interlude {

// `words` are those behind "scte35". MESSAGE is base64 or hexadecimal; "-" reads it from `in`,
// where it may be binary as well. The exit status: 0; 1 if the message is none (said on `err`); 2
// for words that mean nothing.
int run_scte35_command(std::span<const std::string> words, std::istream& in, std::ostream& out,
                       std::ostream& err);

}  // namespace interlude
