// The creative actor over days: the same bytes under many names, sources that stay broken, a disk
// that is full, and what an operator sees and does.
#include <filesystem>
#include <future>
#include <set>

#include "tests/actors/creative/remote_pages.hpp"

using namespace interlude;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

using lines = std::multiset<std::string>;

condition_creative ad(const std::string& url, const std::string& identity) {
  auto w = wanted(url);
  w.identity = identity;
  return w;
}

// Two films of one second.
std::string film(const scratch_folder& folder, bool second = false) {
  return read_all(make_source(folder / "film.mp4", "1", true, second ? "128x96" : "160x120"));
}

template <class T, class Message>
result<T> operate(studio& s, Message m) {
  std::promise<result<T>> answer;
  m.done = [&](result<T> r) { answer.set_value(std::move(r)); };
  caf::anon_send(s.keeper, std::move(m));
  return answer.get_future().get();
}

std::vector<creative_status> all(studio& s) {
  return operate<creative_page>(s, creatives_wanted{}).value().creatives;
}

// "<state> <source>" of each.
lines listed(studio& s) {
  lines out;
  for (const auto& c : all(s)) out.insert(std::string{to_string(c.stage)} + ' ' + c.source);
  return out;
}

// What was written is on disk when the writer has answered what came behind it.
void settle(studio& s) {
  caf::scoped_actor self{s.system};
  self->request(s.writer, 10s, store_write{[](storage::transaction&) {}})
      .receive([](const stored&) {}, [](caf::error&) { BOOST_ERROR("not stored"); });
}

creative_options strict() {
  creative_options o;
  o.setbacks = {1, 1h};
  return o;
}

// Room for one film, and none that is used is spared.
creative_options small_disk() {
  creative_options o;
  o.shelf = {1, 100, 0s};
  return o;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(creatives_that_are_kept)

BOOST_AUTO_TEST_CASE(the_same_bytes_are_conditioned_once_whatever_they_are_called) {
  const scratch_folder folder;
  remote_studio s{folder};
  const auto bytes = film(folder);
  for (const auto* url : {"http://a.test/1.mp4", "http://b.test/2.mp4?cb=7"})
    s.network->put(url, bytes);
  const auto first = s.ask<conditioned>(ad("http://a.test/1.mp4", "id:x:1@a.test")).value();
  const auto second = s.ask<conditioned>(ad("http://b.test/2.mp4?cb=7", "id:y:2@b.test")).value();
  BOOST_TEST(first.creative == second.creative);
  BOOST_TEST(all(s).size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_id_is_good_without_a_download_and_another_hosts_is_another) {
  const scratch_folder folder;
  remote_studio s{folder};
  s.network->put("http://a.test/1.mp4?t=1", film(folder));
  s.network->put("http://b.test/1.mp4", film(folder, true));
  const auto first = s.ask<conditioned>(ad("http://a.test/1.mp4?t=1", "id:x:1@a.test")).value();
  // Its token has changed.
  const auto again = s.ask<conditioned>(ad("http://a.test/1.mp4?t=2", "id:x:1@a.test")).value();
  BOOST_TEST(first.creative == again.creative);
  BOOST_TEST(s.network->requests().size() == 1u);
  const auto other = s.ask<conditioned>(ad("http://b.test/1.mp4", "id:x:1@b.test")).value();
  BOOST_TEST(other.creative->key != first.creative->key);
}

BOOST_AUTO_TEST_CASE(the_next_best_file_is_taken_when_one_is_too_large) {
  const scratch_folder folder;
  creative_options options;
  const auto bytes = film(folder);
  options.max_source_bytes = bytes.size();
  remote_studio s{folder, options};
  s.network->put("http://a.test/mezzanine.mov", std::string(bytes.size() + 1, 'x'));
  s.network->put("http://a.test/1080.mp4", bytes);
  auto question = ad("http://a.test/mezzanine.mov", "id:x:1@a.test");
  BOOST_TEST(!s.ask<conditioned>(question));
  auto with_others = ad("http://a.test/mezzanine.mov", "id:x:2@a.test");
  with_others.others = {"http://a.test/1080.mp4"};
  BOOST_TEST(s.ask<conditioned>(with_others).has_value());
}

BOOST_AUTO_TEST_CASE(an_ad_server_names_no_files_of_this_machine) {
  const scratch_folder folder;
  remote_studio s{folder};
  const auto file = make_source(folder / "a.mp4", "1", false);
  const auto refused = s.ask<conditioned>(ad(file, "id:x:1@"));
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().what.find("http or https") != std::string::npos, refused.error().what);
}

BOOST_AUTO_TEST_CASE(quarantine_outlasts_a_restart_and_ends_when_it_is_told_to) {
  const scratch_folder folder;
  const auto question = ad("http://a.test/1.mp4?t=secret", "id:x:1@a.test");
  {
    remote_studio s{folder, strict()};
    BOOST_TEST(!s.ask<conditioned>(question));
    settle(s);
  }
  remote_studio s{folder, strict()};
  s.network->put("http://a.test/1.mp4?t=secret", film(folder));
  const auto refused = s.ask<conditioned>(question);
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().what.find("in quarantine until") != std::string::npos,
             refused.error().what);
  BOOST_TEST(s.network->requests().empty());
  BOOST_TEST((listed(s) == lines{"quarantined http://a.test/1.mp4"}));
  const auto key = all(s).front().key;
  BOOST_TEST(operate<bool>(s, retry_wanted{key, {}}).has_value());
  BOOST_TEST(!operate<bool>(s, retry_wanted{key, {}}));
  BOOST_TEST(s.ask<conditioned>(question).has_value());
  BOOST_TEST((listed(s) == lines{"ready http://a.test/1.mp4"}));
}

BOOST_AUTO_TEST_CASE(what_is_no_media_is_told_and_no_folder_is_left) {
  const scratch_folder folder;
  remote_studio s{folder, strict()};
  s.network->put("http://a.test/1.mp4", "<html>not found</html>");
  const auto refused = s.ask<conditioned>(ad("http://a.test/1.mp4", "id:x:1@a.test"));
  BOOST_REQUIRE(!refused);
  // Said of the source, not of the file it was kept in.
  BOOST_TEST(refused.error().what.find("source.part") == std::string::npos, refused.error().what);
  BOOST_TEST(std::filesystem::is_empty(folder / "creatives"));
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_cleared_of_what_is_not_used) {
  const scratch_folder folder;
  remote_studio s{folder, small_disk()};
  s.network->put("http://a.test/1.mp4", film(folder));
  s.network->put("http://a.test/2.mp4", film(folder, true));
  const auto first = s.ask<conditioned>(wanted("http://a.test/1.mp4")).value().creative;
  s.ask<conditioned>(wanted("http://a.test/2.mp4")).value();
  // Each has made room for itself when it was done; a channel that asks is told that it is gone.
  caf::anon_send(caf::actor_cast<creative_keeper>(s.keeper), look_after_shelf{});
  BOOST_TEST(all(s).empty());
  BOOST_TEST(!s.store->use(first->key));
  BOOST_TEST(!std::filesystem::exists(folder / ("creatives/" + first->key)));
  // Asked for again, it is made again.
  BOOST_TEST(s.ask<conditioned>(wanted("http://a.test/1.mp4")).value().creative->key == first->key);
}

BOOST_AUTO_TEST_CASE(files_that_nobody_knows_are_removed_at_the_start) {
  const scratch_folder folder;
  const std::string stray = "creatives/0123456789abcdef0123456789abcdef";
  std::filesystem::create_directories(folder / (stray + "/t0"));
  std::filesystem::create_directories(folder / "creatives/notes");
  remote_studio s{folder};
  BOOST_TEST(all(s).empty());
  BOOST_TEST(!std::filesystem::exists(folder / stray));
  BOOST_TEST(std::filesystem::exists(folder / "creatives/notes"));
}

BOOST_AUTO_TEST_CASE(what_an_operator_removes_is_planned_no_more_but_stays_for_those_who_watch) {
  const scratch_folder folder;
  remote_studio s{folder};
  s.network->put("http://a.test/1.mp4", film(folder));
  const auto made = s.ask<conditioned>(wanted("http://a.test/1.mp4")).value().creative;
  BOOST_TEST(s.store->use(made->key));
  BOOST_TEST(operate<bool>(s, removal_wanted{made->key, {}}).has_value());
  BOOST_TEST(!operate<bool>(s, removal_wanted{"none", {}}));
  BOOST_TEST(!s.store->use(made->key));
  BOOST_TEST(s.store->find(made->key, "t0", "0.ts").has_value());
  BOOST_TEST((listed(s) == lines{"withdrawn http://a.test/1.mp4"}));
  s.ask<conditioned>(wanted("http://a.test/1.mp4")).value();
  BOOST_TEST(s.store->use(made->key));
}

BOOST_AUTO_TEST_CASE(a_list_is_given_in_pages) {
  const scratch_folder folder;
  remote_studio s{folder};
  for (const auto* name : {"1", "2", "3"})
    BOOST_TEST(!s.ask<conditioned>(wanted(std::string{"http://a.test/"} + name)));
  lines seen;
  std::string after;
  for (int pages = 0; pages < 3; ++pages) {
    const auto page = operate<creative_page>(s, creatives_wanted{after, 1, {}}).value();
    BOOST_REQUIRE(page.creatives.size() == 1u);
    seen.insert(page.creatives[0].source);
    BOOST_TEST(page.next.empty() == (pages == 2));
    after = page.next;
  }
  BOOST_TEST((seen == lines{"http://a.test/1", "http://a.test/2", "http://a.test/3"}));
}

BOOST_AUTO_TEST_SUITE_END()
