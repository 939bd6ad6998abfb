// Why an ad is not played: one function for who chose without a book of exposures, and with one.
#include "actors/decision/skip_reason.hpp"

#include <boost/test/unit_test.hpp>

using namespace interlude;
using namespace std::chrono_literals;

namespace {

using texts = std::vector<std::string>;

ads::pod_candidate ad(const std::string& creative, duration length,
                      const std::string& advertiser = {}, texts categories = {}) {
  return {length, false, creative, advertiser, std::move(categories)};
}

// By candidate, "-" for those that were chosen.
texts reasons(const std::vector<ads::pod_candidate>& all, const std::vector<std::size_t>& chosen,
              const std::vector<refused_ad>& refused = {}, const ads::pod_rules& rules = {}) {
  texts out;
  for (const auto& s : why_skipped(all, chosen, refused, 30s, rules))
    out.emplace_back(s ? to_string(s->reason) : "-");
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(skip_reasons)

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_told_apart_from_what_may_not_play_beside_another) {
  const std::vector all = {ad("a", 20s, "acme", {"iab 1"}),
                           ad("a", 5s),
                           ad("b", 5s, "acme"),
                           ad("c", 5s, "", {"iab 2", "iab 1"}),
                           ad("d", 15s),
                           ad("e", 31s),
                           ad("f", 0s),
                           ad("g", 10s)};
  BOOST_TEST(
      reasons(all, {0, 7}) ==
      (texts{"-", "DUPLICATE_CREATIVE", "COMPETITIVE_SEPARATION", "COMPETITIVE_SEPARATION",
             "AVAIL_DURATION_EXCEEDED", "AVAIL_DURATION_EXCEEDED", "MEDIA_FILE_UNAVAILABLE", "-"}));
}

BOOST_AUTO_TEST_CASE(what_is_not_separated_is_no_reason) {
  const std::vector all = {ad("a", 20s, "acme", {"iab 1"}), ad("b", 15s, "acme", {"iab 1"})};
  ads::pod_rules rules;
  BOOST_TEST(reasons(all, {0}, {}, rules)[1] == "COMPETITIVE_SEPARATION");
  rules.separate_advertisers = false;
  BOOST_TEST(reasons(all, {0}, {}, rules)[1] == "COMPETITIVE_SEPARATION");
  rules.separate_categories = false;
  BOOST_TEST(reasons(all, {0}, {}, rules)[1] == "AVAIL_DURATION_EXCEEDED");
}

BOOST_AUTO_TEST_CASE(caps_hold_within_a_break_and_over_all_of_a_viewers) {
  const std::vector all = {ad("a", 10s, "acme"), ad("b", 10s, "acme"), ad("c", 10s)};
  ads::pod_rules rules;
  rules.separate_advertisers = false;
  rules.frequency.caps = {{ads::cap_scope::advertiser, 1, 1h}};
  BOOST_TEST(reasons(all, {0, 2}, {}, rules)[1] == "FREQUENCY_CAP");
  const std::vector<refused_ad> refused = {{1, "there is no room", false}, {2, "seen", true}};
  BOOST_TEST(reasons(all, {0}, refused)[2] == "FREQUENCY_CAP");
  BOOST_TEST(why_skipped(all, std::vector<std::size_t>{0}, refused, 30s, rules)[2]->why == "seen");
}

BOOST_AUTO_TEST_CASE(vast_errors_become_reasons) {
  using vast::error_code;
  for (const auto& [code, name] :
       {std::pair{error_code::xml_parsing, "VAST_PARSING_ERROR"},
        std::pair{error_code::wrapper_timeout, "ADS_TIMEOUT"},
        std::pair{error_code::wrapper_limit, "WRAPPER_LIMIT"},
        std::pair{error_code::no_ad_after_wrapper, "NO_AD_AFTER_WRAPPER"},
        std::pair{error_code::category_blocked, "AD_REJECTED"},
        std::pair{error_code::no_supported_media_file, "MEDIA_FILE_UNAVAILABLE"},
        std::pair{error_code::vpaid, "VPAID_AD_DROPPED"}})
    BOOST_TEST(to_string(reason_of(code)) == name);
}

BOOST_AUTO_TEST_CASE(a_creative_that_is_not_ready_says_how_far_it_is) {
  BOOST_TEST(!why_unready(creative_progress::ready));
  BOOST_TEST((why_unready(creative_progress::fresh)->reason == skip_reason::new_creative));
  BOOST_TEST(
      (why_unready(creative_progress::under_way)->reason == skip_reason::transcode_in_progress));
  BOOST_TEST((why_unready(creative_progress::failed)->reason == skip_reason::transcode_error));
}

BOOST_AUTO_TEST_SUITE_END()
