#include "apps/node/config_beacons.hpp"

namespace interlude {

void read_beacons(config_reader& r, beacon_settings& b) {
  r.number("max_waiting", b.max_waiting, 1, 1'000'000'000,
           "tracking requests on disk; what comes when there are so many is refused, and counted");
  r.number("max_dead", b.max_dead, 1, 100'000'000,
           "of those that were given up, kept to be looked at; the oldest are forgotten");
  r.number("max_concurrent", b.max_concurrent, 1, 10'000,
           "under way at a time, to one host; no more than 2048 / threads, or 256");
  r.number("max_per_second", b.max_per_second, 0, 1'000'000,
           "begun in a second, to one host; 0: any number");
  r.number("breaker_failures", b.breaker_failures, 1, 1000,
           "in a row until a host is left alone for a while");
  r.seconds("timeout", b.timeout, 0.1, 60, "for one request");
}

void read_beacon_policy(config_reader& r, beacon_policy& p) {
  r.number("attempts", p.attempts, 1, 100, "until a tracking request is given up");
  r.seconds("base", p.base, 0.01, 3600,
            "the first pause between attempts is a random part of this; the next of twice as much");
  r.seconds("cap", p.cap, 0.01, 86'400, "the longest pause");
  r.seconds("max_age", p.max_age, 1, 7 * 86'400,
            "after which one that has failed, or whose host is left alone, is given up");
}

}  // namespace interlude
