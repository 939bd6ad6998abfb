#include "storage/outbox.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>

#include "tests/support/scratch_folder.hpp"

using namespace interlude;
using namespace interlude::storage;
using namespace std::chrono_literals;
using interlude::test::scratch_folder;

namespace {

const instant noon = *parse_iso8601("2026-11-24T12:00:00Z");

struct kept_outbox {
  explicit kept_outbox(outbox_options o = {}) : options(o) { open(); }
  void open() {
    box.reset();
    env.reset();
    env = *environment::open({folder.path()});
    box = *outbox::open(env, options);
  }
  template <class F>
  void change(F work) {
    BOOST_TEST_REQUIRE(env->write(work).has_value());
  }
  std::optional<outbox_place> put(std::uint64_t queue, instant due, std::string_view record) {
    std::optional<outbox_place> place;
    change([&](transaction& t) { place = box->put(t, queue, due, record); });
    return place;
  }
  std::string records(std::uint64_t queue, std::size_t most = 100, const outbox_place& from = {}) {
    std::string out;
    for (const auto& e : *box->some(queue, from, most)) out += e.record + ' ';
    return out;
  }
  std::string dead(std::string_view after = {}, std::size_t most = 100) {
    std::string out;
    for (const auto& e : *box->dead(after, most)) out += e.record + ' ';
    return out;
  }

  scratch_folder folder;
  outbox_options options;
  std::shared_ptr<environment> env;
  std::optional<outbox> box;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(outboxes)

BOOST_AUTO_TEST_CASE(entries_stand_in_their_queue_by_when_they_are_due_also_when_opened_again) {
  kept_outbox k;
  k.put(7, noon + 2s, "later");
  k.put(7, noon, "first");
  k.put(7, noon, "second");
  k.put(8, noon - 1h, "other");
  k.open();
  BOOST_TEST(k.records(7) == "first second later ");
  BOOST_TEST(k.records(8) == "other ");
  BOOST_TEST(k.records(9) == "");
  BOOST_TEST(k.records(7, 2) == "first second ");
  BOOST_TEST(k.box->size().value() == 4u);
}

BOOST_AUTO_TEST_CASE(reading_goes_on_behind_an_entry) {
  kept_outbox k;
  for (const auto* record : {"a", "b", "c"}) k.put(7, noon, record);
  auto from = k.box->some(7, {}, 2)->back().place;
  ++from.id;
  BOOST_TEST(k.records(7, 100, from) == "c ");
}

BOOST_AUTO_TEST_CASE(ids_are_never_given_twice) {
  kept_outbox k;
  const auto first = *k.put(7, noon, "a");
  k.change([&](transaction& t) { BOOST_TEST(k.box->erase(t, first)); });
  k.open();
  const auto second = *k.put(7, noon, "b");
  BOOST_TEST(first.id < second.id);
  BOOST_TEST(k.box->ids_given().value() == second.id + 1);
  k.change([&](transaction& t) { BOOST_TEST(!k.box->erase(t, first)); });
  BOOST_TEST(k.records(7) == "b ");
}

BOOST_AUTO_TEST_CASE(what_is_postponed_stands_further_behind) {
  kept_outbox k;
  const auto a = *k.put(7, noon, "a");
  k.put(7, noon + 1s, "b");
  std::optional<outbox_place> later;
  k.change([&](transaction& t) { later = k.box->postpone(t, a, noon + 5s, "a again"); });
  BOOST_TEST(k.records(7) == "b a again ");
  BOOST_TEST((later->due == noon + 5s));
  // What has been sent meanwhile is not sent again.
  k.change([&](transaction& t) { BOOST_TEST(!k.box->postpone(t, a, noon + 9s, "a")); });
  BOOST_TEST(k.records(7) == "b a again ");
}

BOOST_AUTO_TEST_CASE(a_full_outbox_takes_nothing_more_until_something_has_been_sent) {
  kept_outbox k{{.max_entries = 2}};
  const auto a = *k.put(7, noon, "a");
  BOOST_TEST(k.put(8, noon, "b").has_value());
  BOOST_TEST(!k.put(7, noon, "c"));
  k.change([&](transaction& t) { k.box->erase(t, a); });
  BOOST_TEST(k.put(7, noon, "c").has_value());
}

BOOST_AUTO_TEST_CASE(the_queues_are_known_by_their_first_entries) {
  kept_outbox k;
  const auto largest = std::numeric_limits<std::uint64_t>::max();
  BOOST_TEST(k.box->first_of_each()->empty());
  k.put(largest, noon, "last");
  k.put(0, noon + 1s, "x");
  k.put(0, noon, "zero");
  k.put(7, noon, "seven");
  std::string out;
  for (const auto& place : *k.box->first_of_each())
    out += k.box->some(place.queue, place, 1)->front().record + ' ';
  BOOST_TEST(out == "zero seven last ");
}

BOOST_AUTO_TEST_CASE(what_is_given_up_is_kept_apart_and_can_be_had_back_once) {
  kept_outbox k;
  const auto a = *k.put(7, noon, "a"), b = *k.put(7, noon, "b");
  k.change([&](transaction& t) {
    k.box->bury(t, b, noon + 1s, "b, refused");
    k.box->bury(t, a, noon + 2s, "a, refused");
    k.box->bury(t, a, noon + 3s, "a, twice");
  });
  k.open();
  BOOST_TEST(k.records(7) == "");
  BOOST_TEST(k.dead() == "b, refused a, refused ");
  BOOST_TEST(k.dead({}, 1) == "b, refused ");
  const auto name = k.box->dead({}, 1)->front().name;
  BOOST_TEST(k.dead(name) == "a, refused ");
  k.change([&](transaction& t) {
    BOOST_TEST(k.box->exhume(t, name).value() == "b, refused");
    BOOST_TEST(!k.box->exhume(t, name));
    BOOST_TEST(!k.box->exhume(t, ""));
    BOOST_TEST(!k.box->exhume(t, "no name of ours"));
  });
  BOOST_TEST(k.box->dead_size().value() == 1u);
}

BOOST_AUTO_TEST_CASE(what_was_given_up_can_be_looked_at_by_its_name) {
  kept_outbox k;
  const auto a = *k.put(7, noon, "a");
  k.change([&](transaction& t) { k.box->bury(t, a, noon + 1500us, "a, refused"); });
  const auto listed = k.box->dead({}, 1)->front();
  BOOST_TEST((listed.given_up == noon + 1ms));
  const auto found = *k.box->find_dead(listed.name);
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(found->record == "a, refused");
  BOOST_TEST((found->given_up == noon + 1ms));
  for (const auto* name : {"", "no name of ours", "sixteen letters!"})
    BOOST_TEST(!k.box->find_dead(name)->has_value(), name);
}

BOOST_AUTO_TEST_CASE(what_was_given_up_goes_back_in_one_transaction_or_not_at_all) {
  kept_outbox k;
  const auto a = *k.put(7, noon, "a");
  k.change([&](transaction& t) { k.box->bury(t, a, noon + 1s, "a, refused"); });
  const auto name = k.box->dead({}, 1)->front().name;
  const auto replay = [&](transaction& t) {
    BOOST_TEST(k.box->exhume(t, name).value() == "a, refused");
    BOOST_TEST(k.box->put(t, 7, noon + 2s, "a again").has_value());
  };
  // A process that is killed in the middle.
  struct killed {};
  BOOST_CHECK_THROW(k.env->write([&](transaction& t) {
    replay(t);
    throw killed{};
  }),
                    killed);
  k.open();
  BOOST_TEST(k.dead() == "a, refused ");
  BOOST_TEST(k.records(7) == "");
  k.change(replay);
  k.open();
  BOOST_TEST(k.dead() == "");
  BOOST_TEST(k.records(7) == "a again ");
  // It is another entry: what is still done about the one before does it no harm.
  k.change([&](transaction& t) { BOOST_TEST(!k.box->erase(t, a)); });
  BOOST_TEST(k.records(7) == "a again ");
}

BOOST_AUTO_TEST_CASE(what_waits_in_a_queue_is_counted_as_far_as_is_asked) {
  kept_outbox k;
  for (int i = 0; i < 5; ++i) k.put(7, noon, "x");
  k.put(8, noon, "x");
  BOOST_TEST(k.box->count(7, 100).value() == 5u);
  BOOST_TEST(k.box->count(7, 3).value() == 3u);
  BOOST_TEST(k.box->count(8, 100).value() == 1u);
  BOOST_TEST(k.box->count(9, 100).value() == 0u);
  BOOST_TEST(k.box->first_of_each(1)->size() == 1u);
  BOOST_TEST(k.box->first_of_each(0)->empty());
}

BOOST_AUTO_TEST_CASE(a_write_that_changes_nothing_leaves_all_as_it_was) {
  kept_outbox k;
  k.change([&](transaction& t) { k.box->touch(t); });
  BOOST_TEST(k.box->ids_given().value() == 0u);
  k.put(7, noon, "a");
  k.change([&](transaction& t) { k.box->touch(t); });
  BOOST_TEST(k.box->ids_given().value() == 1u);
  BOOST_TEST(k.records(7) == "a ");
}

BOOST_AUTO_TEST_CASE(of_what_is_given_up_the_oldest_makes_room) {
  kept_outbox k{{.max_dead = 2}};
  std::size_t forgotten = 0;
  for (int i = 0; i < 4; ++i) {
    const auto place = *k.put(7, noon, std::to_string(i));
    k.change([&](transaction& t) {
      forgotten += k.box->bury(t, place, noon + i * 1s, std::to_string(i));
    });
  }
  BOOST_TEST(k.dead() == "2 3 ");
  BOOST_TEST(forgotten == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
