#include "ads/house_pod.hpp"

#include <algorithm>

namespace interlude::ads {

std::vector<std::string> house_pod(const std::vector<std::string>& names, std::size_t ordinal) {
  auto pod = names;
  if (pod.size() > 1)
    std::rotate(pod.begin(), pod.begin() + static_cast<std::ptrdiff_t>(ordinal % pod.size()),
                pod.end());
  return pod;
}

}  // namespace interlude::ads
