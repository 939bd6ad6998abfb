// Where in a JSON text a value stands: "channels[0].origin" -> line 12. For messages about a file a
// person wrote.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace interlude {

// The line (from 1) of the value at `path`, of its nearest enclosing value if it is not there.
// `text` must have been parsed without error; comments are allowed.
std::size_t line_of(std::string_view text, std::string_view path);

}  // namespace interlude
