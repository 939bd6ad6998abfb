#include "apps/node/config_analytics.hpp"

namespace interlude {

void read_analytics(config_reader& r, analytics_settings& a) {
  r.number("keep_days", a.keep_days, 1, 4000, "for which the counters of .../analytics are kept");
  r.number("max_counters", a.max_counters, 100, 1'000'000,
           "of one channel in one hour; ads beyond that are counted together, as (other)");
}

void read_events_log(config_reader& r, events_log_settings& e) {
  r.text("folder", e.folder,
         "where each event of an ad is written down as a line of JSON; empty: nowhere");
  r.number("rotate_bytes", e.rotate_bytes, 64 * 1024, 1ull << 40,
           "of a file until it is finished and another one begun, as it is at midnight UTC");
  r.number("keep", e.keep, 0, 1'000'000, "finished files; then the oldest are removed; 0: all");
}

}  // namespace interlude
