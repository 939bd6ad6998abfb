// The cases of the stitching rules' section 11 as values: what the origin does, when it is watched,
// and what must have been seen. They are played by the pure function (tests/media/stitch) and by a
// whole node (tests/net).
#pragma once

#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "media/stitch/plan.hpp"
#include "media/stitch/schedule.hpp"
#include "tests/support/origin_script.hpp"
#include "tests/support/viewing.hpp"

namespace interlude::test {

struct break_case {
  std::string name;
  std::vector<origin_rendition> origin = {};
  std::vector<stitch::pod_ad> house = {};  // none: red, green and blue of 10, 15 and 5 s
  stitch::break_policy policy = {};
  duration pace_slack{0};
  // Seconds of the channel clock: when viewers look, and when the stitched one does not.
  double from = 20, until = 110, step = 2;
  std::optional<std::pair<double, double>> away = {};
  // What becomes of the origin, once.
  double changed_at = 0;
  std::function<void(std::vector<origin_rendition>&)> change = {};
  std::optional<double> killed_at = {};  // the node, which is back with the next look
  std::size_t breaks = 1;                // of which guided viewers are told
  std::function<void(const viewing&)> expect = {};

  bool is_watched(double t) const { return !away || t <= away->first || t >= away->second; }
};

std::vector<break_case> break_cases();
// The same for what origins do.
std::vector<break_case> origin_cases();

// Makes each case a test of `suite` that hands it to `play`.
inline bool register_cases(const std::string& suite, void (*play)(const break_case&)) {
  auto* tests = BOOST_TEST_SUITE(suite);
  for (const auto& cases : {break_cases(), origin_cases()})
    for (const auto& c : cases)
      tests->add(
          boost::unit_test::make_test_case([play, c] { play(c); }, c.name, __FILE__, __LINE__));
  boost::unit_test::framework::master_test_suite().add(tests);
  return true;
}

}  // namespace interlude::test
