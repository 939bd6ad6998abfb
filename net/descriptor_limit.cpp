#include "net/descriptor_limit.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <limits>

namespace interlude::net {

namespace {

constexpr std::size_t for_others = 1024;

}  // namespace

std::size_t raise_descriptor_limit() {
  ::rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::numeric_limits<std::size_t>::max();
  if (limit.rlim_cur < limit.rlim_max) {
    auto raised = limit;
    raised.rlim_cur = raised.rlim_max;
    if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  }
  return limit.rlim_cur;
}

// Where there are few, half of them are for others.
std::size_t connections_within(std::size_t descriptors, std::size_t wanted) {
  const auto rest = descriptors - std::min(for_others, descriptors / 2);
  return std::clamp<std::size_t>(rest, 1, std::max<std::size_t>(wanted, 1));
}

}  // namespace interlude::net
