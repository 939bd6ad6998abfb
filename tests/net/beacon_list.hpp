// Tracking requests of a node that stands still: a few that were given up, and one host that others
// wait for.
#pragma once

#include <algorithm>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "actors/beacon/dead_search.hpp"

namespace interlude::net {

class beacon_list : public beacon_gateway {
 public:
  beacon_list() {
    add("http://a.test/1?who=me", "tv/one");
    add("http://b.test/2", "tv/two");
    add("http://a.test:81/3", "tv/one");
  }

  void look_at_beacons(std::function<void(result<beacon_overview>)> done) override {
    const std::lock_guard lock{mutex_};
    beacon_overview out;
    out.waiting = 7;
    out.max_waiting = 1000;
    out.dead = dead_.size();
    out.max_dead = 100;
    out.late = std::chrono::milliseconds{1500};
    out.hosts = {{"c.test", 7, instant{std::chrono::seconds{60}}, 3, "HTTP 503"}};
    done(std::move(out));
  }
  void list_dead(dead_filter filter, std::string after, std::size_t limit,
                 std::function<void(result<dead_page>)> done) override {
    const std::lock_guard lock{mutex_};
    dead_page page;
    for (const auto& b : dead_) {
      if (b.name <= after || !matches(filter, b)) continue;
      if (page.beacons.size() == limit) {
        page.next = page.beacons.back().name;
        break;
      }
      page.beacons.push_back(b);
    }
    done(std::move(page));
  }
  void find_dead(std::string name, std::function<void(result<dead_beacon>)> done) override {
    const std::lock_guard lock{mutex_};
    for (const auto& b : dead_)
      if (b.name == name) return done(b);
    done(error{errc::not_found, name, "no tracking request of this name was given up"});
  }
  // One at a time where `slow`.
  void change_dead(dead_change what, dead_selection which,
                   std::function<void(result<dead_outcome>)> done) override {
    const std::lock_guard lock{mutex_};
    dead_outcome out;
    out.until = which.until.value_or(instant{std::chrono::hours{1}});
    out.full = full && what == dead_change::replay;
    std::vector<std::string> names = which.names;
    if (names.empty())
      for (const auto& b : dead_)
        if (b.name > which.after && matches(which.filter, b)) names.push_back(b.name);
    for (const auto& name : out.full ? std::vector<std::string>{} : names) {
      if (slow && out.done > 0) {
        out.next = changed.back();
        break;
      }
      if (std::erase_if(dead_, [&](const dead_beacon& b) { return b.name == name; }) == 0) {
        ++out.missing;
        continue;
      }
      ++out.done;
      changed.push_back(name);
    }
    asked.emplace_back(what, std::move(which));
    done(std::move(out));
  }
  const beacon_counters& beacon_counts() const override { return counters; }
  std::string why_refused() override { return refusal; }

  // The n-th that was given up, from 1.
  static std::string name_of(int n) { return std::string(31, '0') + std::to_string(n); }

  // Set before anybody asks, read when everybody has been answered.
  bool slow = false, full = false;
  std::string refusal;
  beacon_counters counters;
  std::vector<std::pair<dead_change, dead_selection>> asked;
  std::vector<std::string> changed;

 private:
  void add(const std::string& url, const std::string& channel) {
    beacon_record record;
    record.what = {url, {{"X-Device-IP", "192.0.2.1"}}, channel, "start", "red", "b1", "session"};
    record.accepted = instant{std::chrono::minutes{1}};
    record.attempts = 8;
    record.problem = "HTTP 503";
    dead_.push_back({name_of(static_cast<int>(dead_.size()) + 1), instant{std::chrono::minutes{2}},
                     std::move(record)});
  }

  std::mutex mutex_;
  std::vector<dead_beacon> dead_;
};

}  // namespace interlude::net
