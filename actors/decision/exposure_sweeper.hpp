// The exposure sweeper: takes those out of the book of exposures whom nobody has to remember, a few
// at a time and for ever. Without it the book would only grow.
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/fwd.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_actor.hpp>
#include <chrono>
#include <memory>

#include "actors/decision/exposure_book.hpp"
#include "actors/storage_writer.hpp"

namespace interlude {

inline constexpr auto sweep_every = std::chrono::seconds{10};
inline constexpr std::size_t swept_at_a_time = 2000;  // viewers: 17 millions a day

struct sweep_due {};

using exposure_sweeper = caf::typed_actor<caf::reacts_to<sweep_due>>;

struct sweeper_arguments {
  std::shared_ptr<exposure_book> exposures;
  storage_writer_actor writer;
  instant wall_clock_base{};  // the wall clock when the actor clock showed steady_base
  std::chrono::steady_clock::time_point steady_base{};
};

exposure_sweeper::behavior_type sweep_exposures(exposure_sweeper::pointer self,
                                                sweeper_arguments arguments);

}  // namespace interlude

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::sweep_due)
