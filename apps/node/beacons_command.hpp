// "interlude beacons ...": the tracking requests of a running node, asked for over its HTTP
// interface.
#pragma once

#include <iosfwd>
#include <span>
#include <string>

namespace interlude {

// `words` are those behind "beacons"; nothing is read from `in`. The exit status: 0; 1 if the node
// cannot be asked, or not all was done (said on `err`); 2 for words that mean nothing. The token is
// that of --token, or else the environment's INTERLUDE_OPERATOR_TOKEN.
int run_beacons_command(std::span<const std::string> words, std::istream& in, std::ostream& out,
                        std::ostream& err);

}  // namespace interlude
