// Counts what this thread takes from the heap. Linking allocation_counter.cpp replaces operator
// new for the whole program.
#pragma once

#include <cstddef>

namespace interlude::test {

std::size_t allocations_of_this_thread() noexcept;

}  // namespace interlude::test
