// How many files and sockets this process may have open, and what that leaves for clients.
#pragma once

#include <cstddef>

namespace interlude::net {

// Raises the limit as far as the process may (service managers start programs with few and allow
// many) and tells what it is then.
std::size_t raise_descriptor_limit();

// Of `descriptors`, the most that connections may take, at most `wanted`: what is left is for
// origins, ad servers, the store and files of ads. At least 1.
std::size_t connections_within(std::size_t descriptors, std::size_t wanted);

}  // namespace interlude::net
