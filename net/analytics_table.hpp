// A report of the analytics as people and programs read it: JSON, or CSV (RFC 4180).
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <vector>

#include "actors/analytics/analytics_report.hpp"

namespace interlude::net {

// Whether there is anything that is counted by all of them.
bool has_columns(const std::vector<dimension>& by);

// A row is an object: its dimensions, then what is counted. A rate of nothing is null.
boost::json::array rows_json(const analytics_report& report, const std::vector<dimension>& by);

// The same with a line of names; a rate of nothing is empty. A text that a spreadsheet would take
// for a formula has an apostrophe before it.
std::string rows_csv(const analytics_report& report, const std::vector<dimension>& by);

}  // namespace interlude::net
