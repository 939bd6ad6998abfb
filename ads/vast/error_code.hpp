// What is told to an ad server whose ad is not played: VAST 4.3 section 2.3.6, in the place of the
// macro [ERRORCODE]. Only those that a server can run into.
#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace interlude::vast {

enum class error_code : std::uint16_t {
  xml_parsing = 100,
  schema = 101,
  version_unsupported = 102,
  unexpected_ad_type = 200,
  other_linearity = 201,
  other_duration = 202,
  category_required = 204,
  category_blocked = 205,
  break_shortened = 206,
  wrapper = 300,
  wrapper_timeout = 301,  // or not to be reached
  wrapper_limit = 302,
  no_ad_after_wrapper = 303,
  linear = 400,
  media_file_not_found = 401,
  media_file_timeout = 402,
  no_supported_media_file = 403,
  media_file_unplayable = 405,
  mezzanine_missing = 406,
  mezzanine_being_fetched = 407,
  conditional_ad_rejected = 408,
  interactive_not_executed = 409,
  verification_not_executed = 410,
  mezzanine_unfit = 411,
  undefined = 900,
  vpaid = 901,
};

constexpr int number_of(error_code code) noexcept {
  return static_cast<int>(code);
}

// What is wrong with a whole answer.
struct vast_error {
  error_code code = error_code::undefined;
  std::string what;  // for the operator

  friend bool operator==(const vast_error&, const vast_error&) = default;
};

[[noreturn]] inline void throw_exception_from_error(const vast_error& e,
                                                    const boost::source_location&) {
  throw std::runtime_error("VAST error " + std::to_string(number_of(e.code)) + ": " + e.what);
}

template <class T>
using vast_result = boost::system::result<T, vast_error>;

}  // namespace interlude::vast
