// Lines of events in files: whole, finished in one step, and never in anybody's way.
#include "actors/analytics/event_log.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/support/scratch_folder.hpp"

using namespace interlude;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

const instant noon = *parse_iso8601("2026-11-24T12:00:00Z");

struct event_folder {
  rotated_file_options options(std::uint64_t rotate_bytes = 1000, std::uint64_t keep = 0) const {
    return {folder.path(), "events", rotate_bytes, keep};
  }
  // "20261124T120000.000Z.jsonl=one two ", in order; lines are words.
  std::string all() const {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator{folder.path()})
      names.insert(entry.path().filename().string());
    std::string out;
    for (const auto& name : names) {
      auto text = read_all(folder / name);
      std::replace(text.begin(), text.end(), '\n', ' ');
      out += name.substr(name.find('-') + 1) + "=" + text;
    }
    return out;
  }

  scratch_folder folder;
};

happened_event event_of(const std::string& ad) {
  happened_event e;
  e.what.channel = "tv/one";
  e.what.session = "55a1";
  e.what.break_id = "b1";
  e.what.ad = ad;
  e.what.creative = "c";
  e.what.event = "start";
  e.what.tier = "house";
  e.at = noon;
  return e;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(event_logs)

BOOST_AUTO_TEST_CASE(a_file_is_finished_when_it_is_large_enough) {
  event_folder f;
  auto file = *rotated_file::open(f.options(8));
  BOOST_TEST(file.write("one\n", noon).has_value());
  BOOST_TEST(f.all() == "20261124T120000.000Z.jsonl.part=one ");
  BOOST_TEST(file.write("two\n", noon + 1s).has_value());
  BOOST_TEST(f.all() == "20261124T120000.000Z.jsonl.part=one two ");
  BOOST_TEST(file.write("three\n", noon + 2s).has_value());
  BOOST_TEST(f.all() ==
             "20261124T120000.000Z.jsonl=one two 20261124T120002.000Z.jsonl.part=three ");
  BOOST_TEST(file.write("more than eight\n", noon + 2s).has_value());
  BOOST_TEST(f.all() ==
             "20261124T120000.000Z.jsonl=one two 20261124T120002.000Z.jsonl=three "
             "20261124T120002.000Z_2.jsonl.part=more than eight ");
}

BOOST_AUTO_TEST_CASE(a_file_is_finished_at_midnight) {
  event_folder f;
  auto file = *rotated_file::open(f.options());
  BOOST_TEST(file.write("one\n", noon).has_value());
  BOOST_TEST(file.tick(noon + 12h - 1us).has_value());
  BOOST_TEST(f.all() == "20261124T120000.000Z.jsonl.part=one ");
  BOOST_TEST(file.tick(noon + 12h).has_value());
  BOOST_TEST(f.all() == "20261124T120000.000Z.jsonl=one ");
  BOOST_TEST(file.tick(noon + 36h).has_value());
  BOOST_TEST(file.write("two\n", noon + 37h).has_value());
  BOOST_TEST(file.write("three\n", noon + 61h).has_value());
  BOOST_TEST(f.all() ==
             "20261124T120000.000Z.jsonl=one 20261126T010000.000Z.jsonl=two "
             "20261127T010000.000Z.jsonl.part=three ");
  BOOST_TEST(file.finish().has_value());
  BOOST_TEST(f.all().find(".part") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_a_killed_node_left_is_finished_without_half_a_line) {
  event_folder f;
  const auto left = [&](const char* name, const char* text) {
    std::ofstream{f.folder / name} << text;
  };
  left("events-20261123T120000.000Z.jsonl.part", "one\ntwo\nthr");
  left("events-20261123T130000.000Z.jsonl.part", "hal");
  left("others.jsonl.part", "x\n");
  const auto file = rotated_file::open(f.options());
  BOOST_TEST(file.has_value());
  BOOST_TEST(f.all() == "20261123T120000.000Z.jsonl=one two others.jsonl.part=x ");
}

BOOST_AUTO_TEST_CASE(the_latest_files_are_kept) {
  event_folder f;
  {
    auto file = *rotated_file::open(f.options(1, 2));
    for (int i = 0; i < 5; ++i)
      BOOST_TEST(file.write(std::to_string(i) + "\n", noon + i * 1s).has_value());
  }
  BOOST_TEST(f.all() ==
             "20261124T120002.000Z.jsonl=2 20261124T120003.000Z.jsonl=3 "
             "20261124T120004.000Z.jsonl.part=4 ");
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_is_told) {
  event_folder f;
  std::ofstream{f.folder / "file"} << "x";
  const auto file = rotated_file::open({f.folder / "file/folder"});
  BOOST_REQUIRE(!file.has_value());
  BOOST_TEST(file.error().message().find("file/folder: cannot be made") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_line_tells_of_the_event_and_of_nobody) {
  auto e = event_of("a \"b\"");
  e.what.by_player = true;
  const auto line = event_line(e);
  BOOST_TEST(line.back() == '\n');
  BOOST_TEST(std::count(line.begin(), line.end(), '\n') == 1);
  const auto o = boost::json::parse(line).as_object();
  BOOST_TEST(o.size() == 10u);
  BOOST_TEST(o.at("time").as_string() == "2026-11-24T12:00:00.000Z");
  BOOST_TEST(o.at("org").as_string() == "tv");
  BOOST_TEST(o.at("channel").as_string() == "one");
  BOOST_TEST(o.at("session").as_string() == "55a1");
  BOOST_TEST(o.at("break").as_string() == "b1");
  BOOST_TEST(o.at("ad").as_string() == "a \"b\"");
  BOOST_TEST(o.at("creative").as_string() == "c");
  BOOST_TEST(o.at("event").as_string() == "start");
  BOOST_TEST(o.at("tier").as_string() == "house");
  BOOST_TEST(o.at("tracking").as_string() == "client");
}

BOOST_AUTO_TEST_CASE(what_was_handed_over_is_written_before_the_end) {
  event_folder f;
  const auto log = *event_log::open(f.options(1'000'000), [] { return noon; });
  std::vector<happened_event> all;
  for (int i = 0; i < 2500; ++i) all.push_back(event_of(std::to_string(i)));
  log->add(std::move(all));
  log->add({event_of("last")});
  log->close();
  BOOST_TEST(log->dropped() == 0u);
  const auto text = read_all(f.folder / "events-20261124T120000.000Z.jsonl");
  BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 2501);
  BOOST_TEST(text.ends_with(event_line(event_of("last"))));
  log->add({event_of("late")});
  BOOST_TEST(log->dropped() == 1u);
}

BOOST_AUTO_TEST_CASE(what_there_is_no_room_for_is_dropped_and_counted) {
  event_folder f;
  const auto log = *event_log::open(f.options(1ull << 30), [] { return noon; });
  const std::size_t beyond = 10;
  log->add(std::vector<happened_event>(event_log::most_waiting + beyond, event_of("a")));
  BOOST_TEST(log->dropped() == beyond);
  log->close();
}

BOOST_AUTO_TEST_SUITE_END()
