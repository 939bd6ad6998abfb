#include "actors/analytics/analytics_report.hpp"

#include <boost/test/unit_test.hpp>

using namespace interlude;
using namespace std::chrono_literals;

namespace {

const storage::hour noon = storage::hour_of(*parse_iso8601("2026-11-24T12:00:00Z"));

struct told {
  std::string channel, tier, ad, event;
  std::chrono::hours later{0};
  bool by_player = false;
};

analytics_report report_of(std::vector<dimension> by, const std::vector<told>& all) {
  report_builder out{std::move(by), 100};
  for (const auto& t : all) {
    counted_event e;
    e.tier = t.tier;
    e.ad = e.creative = t.ad;
    e.event = t.event;
    e.by_player = t.by_player;
    if (t.event == "complete") e.shown = 5s;
    for (const auto& what : tallies_of(e, noon + t.later))
      BOOST_TEST(out.add(t.channel, what.when, what.name, what.count));
  }
  return out.take();
}

// "a x: 3 events, 1 complete, 5 s; "
std::string text_of(const analytics_report& report) {
  std::string out;
  for (const auto& row : report.rows) {
    for (const auto& part : row.of) out += part + ' ';
    out += std::to_string(row.all_events) + " events, " + std::to_string(row.events[5]) +
           " complete, " + format_seconds(row.shown) + " s; ";
  }
  return out;
}

const std::vector<told> some = {{"one", "ads", "a", "start", 0h, false},
                                {"one", "ads", "a", "complete", 0h, false},
                                {"one", "house", "b", "start", 13h, false},
                                {"two", "ads", "a", "start", 0h, true},
                                {"two", "ads", "a", "complete", 1h, true}};

}  // namespace

BOOST_AUTO_TEST_SUITE(analytics_reports)

BOOST_AUTO_TEST_CASE(without_a_dimension_all_is_one_row) {
  BOOST_TEST(text_of(report_of({}, some)) == "5 events, 2 complete, 10 s; ");
  BOOST_TEST(text_of(report_of({}, {})) == "");
}

BOOST_AUTO_TEST_CASE(rows_are_for_what_is_asked_and_in_its_order) {
  BOOST_TEST(text_of(report_of({dimension::channel}, some)) ==
             "one 3 events, 1 complete, 5 s; two 2 events, 1 complete, 5 s; ");
  BOOST_TEST(text_of(report_of({dimension::day}, some)) ==
             "2026-11-24 4 events, 2 complete, 10 s; 2026-11-25 1 events, 0 complete, 0 s; ");
  BOOST_TEST(text_of(report_of({dimension::tier, dimension::channel}, some)) ==
             "ads one 2 events, 1 complete, 5 s; ads two 2 events, 1 complete, 5 s; "
             "house one 1 events, 0 complete, 0 s; ");
  BOOST_TEST(text_of(report_of({dimension::ad, dimension::tracking}, some)) ==
             "a client 2 events, 1 complete, 5 s; a server 2 events, 1 complete, 5 s; "
             "b server 1 events, 0 complete, 0 s; ");
  BOOST_TEST(report_of({dimension::hour}, some).rows.at(1).of.at(0) == "2026-11-24T13:00:00.000Z");
}

BOOST_AUTO_TEST_CASE(what_has_not_all_dimensions_is_in_no_row) {
  BOOST_TEST(text_of(report_of({dimension::event}, some)) ==
             "complete 2 events, 2 complete, 0 s; start 3 events, 0 complete, 0 s; ");
}

BOOST_AUTO_TEST_CASE(breaks_and_ad_servers_are_in_rows_that_have_their_dimensions) {
  const auto report = [](std::vector<dimension> by) {
    report_builder out{std::move(by), 100};
    const auto add = [&](counter_kind kind, const std::vector<std::string_view>& parts,
                         std::uint64_t count) {
      BOOST_TEST(out.add("one", noon, write_counter(kind, parts), count));
    };
    add(counter_kind::avail, {"", "avails"}, 3);
    add(counter_kind::avail, {"", "wanted"}, 60'000'000);
    add(counter_kind::avail, {"ads", "filled"}, 20'000'000);
    add(counter_kind::avail, {"house", "filled"}, 10'000'000);
    add(counter_kind::server, {"a.test", "timeouts"}, 2);
    add(counter_kind::server, {"b.test", "requests"}, 5);
    add(counter_kind::server, {"b.test", "error", "303"}, 4);
    add(counter_kind::server, {"b.test", "latency", "2"}, 1);
    add(counter_kind::server, {"b.test", "latency", "99"}, 1);  // of another version
    return out.take().rows;
  };
  const auto all = report({});
  BOOST_REQUIRE(all.size() == 1u);
  BOOST_TEST(all[0].breaks.avails == 3u);
  BOOST_TEST((all[0].breaks.wanted == 60s));
  BOOST_TEST((all[0].breaks.filled == 30s));
  BOOST_TEST(all[0].servers.timeouts == 2u);
  BOOST_TEST(all[0].servers.requests == 5u);
  BOOST_TEST(all[0].servers.vast_errors.at("303") == 4u);
  BOOST_TEST(all[0].servers.latency.quantile(1).value() == 25);
  const auto tiers = report({dimension::tier, dimension::channel});
  BOOST_REQUIRE(tiers.size() == 2u);
  BOOST_TEST(tiers[0].of.at(0) == "ads");
  BOOST_TEST((tiers[0].breaks.filled == 20s));
  BOOST_TEST(tiers[0].breaks.avails == 0u);
  const auto servers = report({dimension::server});
  BOOST_REQUIRE(servers.size() == 2u);
  BOOST_TEST(servers[1].of.at(0) == "b.test");
  BOOST_TEST(servers[1].servers.requests == 5u);
  BOOST_TEST(report({dimension::ad}).empty());
  BOOST_TEST(report({dimension::server, dimension::tier}).empty());
}

BOOST_AUTO_TEST_CASE(there_are_so_many_rows_and_no_more) {
  report_builder out{{dimension::ad}, 2};
  const auto add = [&](const char* ad) {
    return out.add("one", noon, write_counter(counter_kind::event, {"server", "ads", ad, "", "x"}),
                   1);
  };
  BOOST_TEST(add("a"));
  BOOST_TEST(add("b"));
  BOOST_TEST(add("a"));
  BOOST_TEST(!add("c"));
  BOOST_TEST(out.add("one", noon, "?of another version", 1));
}

BOOST_AUTO_TEST_CASE(dimensions_have_names) {
  for (const auto* name :
       {"hour", "day", "channel", "ad", "creative", "tier", "event", "tracking", "server"}) {
    BOOST_REQUIRE(dimension_of(name).has_value());
    BOOST_TEST(to_string(*dimension_of(name)) == std::string{name});
  }
  for (const auto* name : {"", "Hour", "ads"}) BOOST_TEST(!dimension_of(name).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
