// A book of exposures on a store of its own.
#pragma once

#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "actors/decision/exposure_book.hpp"
#include "tests/support/scratch_folder.hpp"

namespace interlude::test {

using namespace std::chrono_literals;

using places = std::vector<std::size_t>;  // of candidates

inline const instant noon = *parse_iso8601("2026-11-24T12:00:00Z");

inline ads::pod_candidate ad(std::string creative, std::string campaign = "") {
  return {10s, false, std::move(creative), "", {}, std::move(campaign)};
}

inline ads::pod_rules at_most(std::uint64_t max, ads::cap_scope per = ads::cap_scope::creative) {
  return {true, true, {{{per, max, 1h}}, 0s}};
}

// A store, and a book on it that can be closed and opened again.
struct library {
  explicit library(std::size_t max_viewers = 20'000) : max_viewers_(max_viewers) { open(); }

  void open() {
    book.reset();
    env.reset();
    env = *storage::environment::open({folder.path()});
    auto opened = exposure_book::open(env, {1h, max_viewers_});
    BOOST_REQUIRE(opened);
    book = *opened;
  }
  void keep(const std::optional<store_write>& write) {
    if (write) BOOST_TEST_REQUIRE(env->write(write->work).has_value());
  }
  exposure_choice choose(std::string_view viewer, const std::vector<ads::pod_candidate>& all,
                         const ads::pod_rules& rules, instant at = noon) {
    return book->choose(viewer, all, 30s, rules, at);
  }
  // Chosen, and durable.
  places shown(std::string_view viewer, const std::vector<ads::pod_candidate>& all,
               const ads::pod_rules& rules, instant at = noon) {
    const auto choice = choose(viewer, all, rules, at);
    keep(choice.write);
    return choice.places;
  }
  std::size_t kept() { return storage::record_table::open(env, "exposures")->all()->size(); }
  // All records become that, and the book is opened again.
  void spoil(const std::string& text) {
    {
      const auto records = *storage::record_table::open(env, "exposures");
      const auto all = *records.all();
      keep(store_write{[&](storage::transaction& t) {
        for (const auto& [key, record] : all) records.put(t, key, text);
      }});
    }
    open();
  }

  scratch_folder folder;
  std::shared_ptr<storage::environment> env;
  std::shared_ptr<exposure_book> book;

 private:
  std::size_t max_viewers_;
};

}  // namespace interlude::test
