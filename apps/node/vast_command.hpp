// "interlude vast parse FILE": what the parser understood of a VAST answer, as one JSON object.
#pragma once

#include <iosfwd>
#include <span>
#include <string>

namespace interlude {

// `words` are those behind "vast". FILE "-" is `in`. The exit status: 0; 1 if the file cannot be
// read or is no VAST (said on `err`, with the error code an ad server would be told); 2 for words
// that mean nothing.
int run_vast_command(std::span<const std::string> words, std::istream& in, std::ostream& out,
                     std::ostream& err);

}  // namespace interlude
