// Secrets of a node: made once, of 32 random bytes, and kept in its store.
#pragma once

#include <string>

#include "media/core/result.hpp"
#include "storage/environment.hpp"

namespace interlude {

// Writes to the store, so: at start-up, before the storage writer is busy.
result<std::string> kept_secret(storage::environment& env, const std::string& name);

}  // namespace interlude
