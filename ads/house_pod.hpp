// House pods: what a channel plays in its breaks when nobody else has decided.
//
// The channel's own ads in their configured order, starting one further in every break, so that no
// ad always stands first. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace interlude::ads {

// `ordinal` counts the channel's breaks. Returns the candidates' names in the order in which they
// should be tried; what does not fit into the break is passed over by the pod fitting
// (media/stitch/plan).
std::vector<std::string> house_pod(const std::vector<std::string>& names, std::size_t ordinal);

}  // namespace interlude::ads
