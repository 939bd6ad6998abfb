// The cases of the stitching rules' section 11 as values: what the origin does, when it is watched,
// and what must have been seen. They are played by the pure function (tests/media/stitch) and by a
// whole node (tests/net).
#pragma once

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "media/stitch/plan.hpp"
#include "media/stitch/schedule.hpp"
#include "media/verify/playlist_invariants.hpp"
#include "tests/support/origin_script.hpp"

namespace interlude::test {

// What one viewer has been shown of a channel.
class viewing {
 public:
  viewing(const verify::playlist_invariants& watched, const std::vector<origin_rendition>& origin)
      : watched_(watched), origin_(origin) {}

  const std::map<std::int64_t, verify::shown_segment>& all(std::size_t rendition = 0) const {
    return watched_.all(origin_[rendition].name);
  }
  // Creative and segment of every ad, in order: "red/0 red/1 slate/0".
  std::string ads(std::size_t rendition = 0) const;
  // The origin's segments, by their index.
  std::vector<int> content(std::size_t rendition = 0) const;
  // Where on the channel clock the first one begins that was shown after the break at 40 s.
  instant returned_at() const;

 private:
  const verify::playlist_invariants& watched_;
  const std::vector<origin_rendition>& origin_;
};

struct break_case {
  std::string name;
  std::vector<origin_rendition> origin = {};
  std::vector<stitch::pod_ad> house = {};  // none: red, green and blue of 10, 15 and 5 s
  stitch::break_policy policy = {};
  duration pace_slack{0};
  // Seconds of the channel clock: when viewers look, and when all but the first look is left out.
  double from = 20, until = 110, step = 2;
  std::optional<std::pair<double, double>> away = {};
  // What becomes of the origin, once.
  double changed_at = 0;
  std::function<void(std::vector<origin_rendition>&)> change = {};
  std::optional<double> killed_at = {};  // the node, which is back with the next look
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
