#include "ads/house_pod.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <numeric>
#include <random>

using namespace interlude;
using namespace interlude::ads;
using namespace std::chrono_literals;

namespace {

using names = std::vector<std::string>;

const instant noon = *parse_iso8601("2026-11-24T12:00:00Z");

house_ad_rule weighing(std::string name, std::uint64_t weight) {
  return {std::move(name), {{}, {}, weight, {}, {}}};
}

// Who opens the breaks, from the first one on.
std::string leaders(const std::vector<house_ad_rule>& ads, std::uint64_t breaks) {
  std::string out;
  for (std::uint64_t i = 0; i < breaks; ++i) out += house_pod(ads, {{}, "", noon, i}).at(0);
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(house_pods)

BOOST_AUTO_TEST_CASE(equal_ads_take_turns_in_their_order) {
  const std::vector<house_ad_rule> ads = {weighing("a", 5), weighing("b", 5), weighing("c", 5)};
  BOOST_TEST(house_pod(ads, {{}, "", noon, 0}) == (names{"a", "b", "c"}));
  BOOST_TEST(house_pod(ads, {{}, "", noon, 1}) == (names{"b", "c", "a"}));
  BOOST_TEST(house_pod(ads, {{}, "", noon, 2}) == (names{"c", "a", "b"}));
  BOOST_TEST(house_pod(ads, {{}, "", noon, 3'000'001}) == (names{"b", "c", "a"}));
  BOOST_TEST(house_pod({}, {{}, "", noon, 7}).empty());
}

BOOST_AUTO_TEST_CASE(who_weighs_more_comes_first_more_often_but_not_in_a_row) {
  BOOST_TEST(leaders({weighing("a", 5), weighing("b", 1), weighing("c", 1)}, 14) ==
             "aabacaaaabacaa");
  BOOST_TEST(leaders({weighing("a", 2), weighing("b", 4)}, 6) == "babbab");
}

BOOST_AUTO_TEST_CASE(what_weighs_nothing_is_a_last_resort) {
  const std::vector<house_ad_rule> ads = {weighing("x", 0), weighing("a", 1), weighing("y", 0)};
  BOOST_TEST(house_pod(ads, {{}, "", noon, 0}) == (names{"a", "x", "y"}));
  BOOST_TEST(house_pod(ads, {{}, "", noon, 1}) == (names{"a", "y", "x"}));
  BOOST_TEST(house_pod(std::vector{ads[0]}, {{}, "", noon, 1}) == names{"x"});
}

BOOST_AUTO_TEST_CASE(an_ad_plays_for_whom_and_when_its_terms_say) {
  const auto just = 1us;
  const struct {
    const char* what;
    house_terms terms;
    names tags;
    std::string country;
    bool plays;
  } cases[] = {
      {"no terms", {}, {}, "", true},
      {"no terms, tags asked for", {}, {"sport"}, "DE", true},
      {"its tag", {{"sport"}, {}, 1, {}, {}}, {"news", "sport"}, "", true},
      {"one of its tags", {{"kids", "sport"}, {}, 1, {}, {}}, {"sport"}, "", true},
      {"another tag", {{"sport"}, {}, 1, {}, {}}, {"news"}, "", false},
      {"no tag asked for", {{"sport"}, {}, 1, {}, {}}, {}, "", false},
      {"its country", {{}, {"AT", "DE"}, 1, {}, {}}, {}, "DE", true},
      {"another country", {{}, {"AT", "DE"}, 1, {}, {}}, {}, "FR", false},
      {"an unknown country", {{}, {"AT"}, 1, {}, {}}, {}, "", false},
      {"its tag, another country", {{"sport"}, {"AT"}, 1, {}, {}}, {"sport"}, "FR", false},
      {"from now on", {{}, {}, 1, noon, {}}, {}, "", true},
      {"not yet", {{}, {}, 1, noon + just, {}}, {}, "", false},
      {"just not over", {{}, {}, 1, {}, noon + just}, {}, "", true},
      {"over", {{}, {}, 1, {}, noon}, {}, "", false},
      {"within", {{}, {}, 1, noon - 1h, noon + 1h}, {}, "", true},
  };
  for (const auto& c : cases) BOOST_TEST_CONTEXT(c.what) {
      const std::vector<house_ad_rule> ads = {{"x", c.terms}};
      BOOST_TEST(house_pod(ads, {c.tags, c.country, noon, 0}).size() == (c.plays ? 1u : 0u));
    }
}

BOOST_AUTO_TEST_CASE(those_that_do_not_play_take_no_turns) {
  std::vector<house_ad_rule> ads = {weighing("a", 1), weighing("b", 1), weighing("c", 1)};
  ads[1].terms.countries = {"AT"};
  BOOST_TEST(leaders(ads, 4) == "acac");
}

BOOST_AUTO_TEST_CASE(in_a_round_each_ad_leads_as_often_as_it_weighs) {
  std::mt19937 random{20261124};
  for (int trial = 0; trial < 100; ++trial) BOOST_TEST_CONTEXT("trial " << trial) {
      std::vector<house_ad_rule> ads;
      std::uint64_t round = 0;
      for (std::size_t i = 0, count = 1 + random() % 6; i < count; ++i) {
        ads.push_back(weighing(std::to_string(i), 1 + random() % 12));
        round += ads.back().terms.weight;
      }
      // Wherever a round begins.
      const auto first = random() % 1000;
      std::map<std::string, std::uint64_t> led;
      for (std::uint64_t i = 0; i < round; ++i) {
        auto pod = house_pod(ads, {{}, "", noon, first + i});
        ++led[pod.at(0)];
        std::sort(pod.begin(), pod.end());
        BOOST_TEST((std::unique(pod.begin(), pod.end()) == pod.end()));
        BOOST_TEST(pod.size() == ads.size());
      }
      for (const auto& ad : ads) BOOST_TEST(led[ad.name] == ad.terms.weight);
    }
}

BOOST_AUTO_TEST_CASE(tags_are_read_from_a_list) {
  BOOST_TEST(split_tags("sport") == names{"sport"});
  BOOST_TEST(split_tags(" sport,news , winter games") == (names{"sport", "news", "winter games"}));
  BOOST_TEST(split_tags("").empty());
  BOOST_TEST(split_tags(" ,, ,").empty());
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "t,";
  BOOST_TEST(split_tags(many).size() == 32u);
}

BOOST_AUTO_TEST_SUITE_END()
