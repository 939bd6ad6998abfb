// Readers of single elements, for the other files of this folder.
#pragma once

#include "ads/vast/vast_response.hpp"
#include "ads/xml/xml_document.hpp"

namespace interlude::vast {

// Empty if it is none that could be asked for.
std::string url_of(const pugi::xml_node& node);
std::vector<std::string> urls_of(const pugi::xml_node& parent, std::string_view name);

// The <Tracking> elements in <TrackingEvents>.
std::vector<tracking> tracking_of(const pugi::xml_node& parent);

creative read_creative(const pugi::xml_node& node);

}  // namespace interlude::vast
