// A node whose channel is in a break with an ad server's ads, and who is told of them.
#pragma once

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "net/ad_tracking.hpp"
#include "tests/net/staged_node.hpp"

namespace interlude::test {

using namespace net;

// Takes events on any thread.
class shared_log final : public beacon_sink {
 public:
  void accept(std::vector<beacon_event> events, std::function<void(acceptance)> done) override {
    acceptance out{!refuses.load(), {}};
    {
      const std::lock_guard lock{guard_};
      for (auto& e : events) {
        // As the outbox does: what follows from something does not happen without it.
        const bool follows = e.after.empty() || happened_.contains(e.after);
        if (out.kept && follows) {
          happened_.insert(e.key);
          out.keys.push_back(e.key);
        }
        if (follows) events_.push_back(std::move(e));
      }
    }
    done(std::move(out));
  }
  std::vector<beacon_event> take() {
    const std::lock_guard lock{guard_};
    return std::exchange(events_, {});
  }
  // "impression start "
  std::string names() {
    std::string out;
    for (const auto& e : take()) out += e.key.substr(e.key.rfind('/') + 1) + ' ';
    return out;
  }
  std::atomic<bool> refuses{false};

 private:
  std::mutex guard_;
  std::vector<beacon_event> events_;
  std::set<std::string> happened_;
};

inline std::shared_ptr<vast::resolved_ad> some_ad() {
  auto out = std::make_shared<vast::resolved_ad>();
  auto& ad = out->content;
  ad.id = "the-ad";
  ad.sequence = 3;
  ad.impressions = {
      "http://i.test/?p=[ADPLAYHEAD]&n=[PODSEQUENCE]&m=[MEDIAPLAYHEAD]&by=[SERVERSIDE]"};
  auto& creative = ad.creatives.emplace_back();
  creative.id = "the-creative";
  auto& linear = creative.linear.emplace();
  linear.events = {{"start", "http://t.test/s?ua=[DEVICEUA]", {}},
                   {"midpoint", "http://t.test/m", {}}};
  return out;
}

// And its ad server's VMAP asks to be told of the break.
inline std::shared_ptr<vast::resolved_ad> ad_of_vmap() {
  auto out = some_ad();
  out->break_events = std::make_shared<const std::vector<vast::tracking>>(
      std::vector<vast::tracking>{{"breakStart", "http://v.test/begins?at=[ADPLAYHEAD]", {}},
                                  {"breakEnd", "http://v.test/ends", {}}});
  return out;
}

// Its break's ads are those of an ad server, and their files are there.
struct tracking_node : staged_node {
  explicit tracking_node(const std::string& tier = "ads",
                         const std::shared_ptr<vast::resolved_ad>& ad = some_ad()) {
    if (tier != "house") tracking = ads.keep(ad, tier, "http://ads.test/").name;
    publish_break();
    context.reports = std::make_shared<ad_reports>(log, ads);
    serve();
  }
  // The URIs of the first ad's segments, as a session's playlist has them.
  std::vector<std::string> segments(const std::string& session, const char* rendition = "v0") {
    auto out = segments_of("red", session, rendition);
    BOOST_REQUIRE(out.size() == 3u);  // 4, 4 and 2 s
    return out;
  }
  std::vector<std::string> segments_of(const std::string& creative, const std::string& session,
                                       const char* rendition = "v0") {
    std::istringstream lines{get(session + rendition + ".m3u8").body};
    std::vector<std::string> out;
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with("ad/") || line.find("/c/" + creative + "/") == line.npos) continue;
      const auto file = folder.path() + line.substr(line.find("/c/") + 2);
      std::filesystem::create_directories(std::filesystem::path{file}.parent_path());
      std::ofstream{file} << "media";
      out.push_back(session + line);
    }
    return out;
  }

  // The segment that comes after this one.
  std::string after(std::string segment) {
    const auto number = segment.rfind('/') + 1;
    segment.replace(number, 1, 1, static_cast<char>(segment[number] + 1));
    std::ofstream{folder.path() + segment.substr(segment.find("/c/") + 2)} << "media";
    return segment;
  }

  tracked_ads ads{nullptr};
  std::shared_ptr<shared_log> log = std::make_shared<shared_log>();
};

}  // namespace interlude::test
