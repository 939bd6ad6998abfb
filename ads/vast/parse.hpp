// Reads a VAST answer, versions 2.0 to 4.3.
//
// Lenient where ad servers are careless (order of elements, namespaces, case of names, booleans as
// 0 and 1, elements of other versions), strict where the ad would be played wrongly. An <Ad> that
// is none is set aside, and the others stand. Errors: 100 for what is no XML, or more of it than
// xml::limits allows; 101 if the root is not <VAST>; 102 for other versions, VAST 1 among them.
// Pure; usable from every thread.
#pragma once

#include <string_view>

#include "ads/vast/error_code.hpp"
#include "ads/vast/vast_response.hpp"
#include "ads/xml/xml_document.hpp"

namespace interlude::vast {

vast_result<vast_response> parse_vast(std::string_view text, const xml::limits& bounds = {});

// The <VAST> element itself, as VMAP carries it (VMAP 1.0.1 section 2.3.3).
vast_result<vast_response> read_vast(const pugi::xml_node& root);

// "HH:MM:SS" and "HH:MM:SS.mmm", as VAST writes times.
std::optional<duration> parse_clock_time(std::string_view text);
// The same, or "n%".
std::optional<ad_position> parse_position(std::string_view text);

}  // namespace interlude::vast
