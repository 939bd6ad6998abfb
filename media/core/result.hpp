// What a function that can fail returns: a value, or an error a person can act on.
//
// Parsers and domain logic return result<T>; exceptions stay inside the libraries that throw them.
// `what` is one sentence in plain words, `where` the place it speaks of ("line 12",
// "channels[0].origin", a URL), empty when there is none. Value types; usable from every thread.
#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

namespace interlude {

enum class errc : std::uint8_t {
  malformed,  // the input does not follow its format
  too_large,  // a bound on size, count or depth was reached
  not_found,
  unauthorized,  // a token is missing, forged or expired
  unavailable,   // a peer did not answer, or answered with a failure; worth trying again
  timed_out,
  unsupported,  // understood, but not something this program does
  internal,     // a failure of this machine: disk, memory, a child process
};

constexpr const char* to_string(errc code) noexcept {
  switch (code) {
    case errc::malformed:
      return "malformed";
    case errc::too_large:
      return "too large";
    case errc::not_found:
      return "not found";
    case errc::unauthorized:
      return "unauthorized";
    case errc::unavailable:
      return "unavailable";
    case errc::timed_out:
      return "timed out";
    case errc::unsupported:
      return "unsupported";
    case errc::internal:
      return "internal";
  }
  return "unknown";
}

struct error {
  errc code = errc::internal;
  std::string where;
  std::string what;

  error() = default;
  // Not an aggregate: GCC 12 copies temporaries of aggregates in co_return bit by bit (GCC bug
  // 98401 and its kin).
  error(errc c, std::string place, std::string text)
      : code(c), where(std::move(place)), what(std::move(text)) {}

  std::string message() const { return where.empty() ? what : where + ": " + what; }
  friend bool operator==(const error&, const error&) = default;
};

[[noreturn]] inline void throw_exception_from_error(const error& e, const boost::source_location&) {
  throw std::runtime_error(e.message());
}

template <class T>
using result = boost::system::result<T, error>;

}  // namespace interlude
