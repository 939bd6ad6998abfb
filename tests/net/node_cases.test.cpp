// Each case of section 11 of the stitching rules, end to end through a node: one viewer of
// stitched, one of guided ads, over HTTP; everything they are served is judged.
#include <set>
#include <sstream>

#include "apps/swarm/asset_rules.hpp"
#include "apps/swarm/session_watch.hpp"
#include "tests/net/ticking_node.hpp"
#include "tests/support/break_case.hpp"
#include "tests/support/cut_at_cues.hpp"

using namespace interlude;
using namespace interlude::net;
using namespace interlude::test;

namespace {

bool is_audio(const origin_rendition& r) {
  return r.name[0] == 'a';
}

std::string multivariant_of(const std::vector<origin_rendition>& renditions) {
  std::string out = "#EXTM3U\n", group;
  for (const auto& r : renditions)
    if (is_audio(r)) {
      out += "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"" + r.name + "\",URI=\"" + r.name +
             ".m3u8\"\n";
      group = ",AUDIO=\"a\"";
    }
  int bandwidth = 900'000;
  for (const auto& r : renditions)
    if (!is_audio(r))
      out += "#EXT-X-STREAM-INF:BANDWIDTH=" + std::to_string(bandwidth += 1000) + group + "\n" +
             r.name + ".m3u8\n";
  return out;
}

// What is conditioned, by its source.
std::map<std::string, stitch::creative_ptr> creatives_of(const break_case& c) {
  const simulated_channel usual{c.origin};
  std::map<std::string, stitch::creative_ptr> out{{"slate", usual.slate}};
  for (const auto& ad : c.house.empty() ? usual.house : c.house) out[ad.name] = ad.media;
  return out;
}

struct stitched_viewer {
  std::string folder;  // of the session
  verify::playlist_invariants watch;
};

struct guided_viewer {
  std::string folder;
  swarm::session_watch watch;
  std::map<std::string, std::string> lists;  // of assets, by their URL
  std::set<std::string> creatives;           // in them
};

class broadcast {
 public:
  explicit broadcast(const break_case& c, std::function<void(station&)> script = {},
                     std::function<void(channel_settings&)> adjust = {})
      : case_(c), origin_(c.origin), script_(std::move(script)), adjust_(std::move(adjust)) {
    start(at(c.from));
  }

  void play() {
    bool changed = !case_.change, killed = !case_.killed_at;
    for (auto t = case_.from; t <= case_.until; t += case_.step) {
      if (!killed && t >= *case_.killed_at) node_.reset(), start(at(t)), killed = true;
      node_->pass_until(at(t));
      if (!changed && t >= case_.changed_at) case_.change(origin_), changed = true;
      look(case_.is_watched(t));
    }
  }
  viewing seen() const { return {ssai_.watch, origin_}; }
  const guided_viewer& guided() const { return sgai_; }

 private:
  void start(instant from) {
    const auto adjust = [this](channel_settings& s) {
      s.breaks = case_.policy;
      s.house_ads.clear();
      if (case_.house.empty()) s.house_ads = {{"red", "red"}, {"green", "green"}, {"blue", "blue"}};
      for (const auto& ad : case_.house) s.house_ads.push_back({ad.name, ad.name});
      s.slate = "slate";
      if (adjust_) adjust_(s);
    };
    node_ = std::make_unique<ticking_node>(adjust, store_, from, [this](station& s) {
      if (script_) script_(s);
      s.log->made = creatives_of(case_);
      s.origin->answer = [this, &s](const fetch_request& r) { return answer(r, s.now()); };
    });
  }
  result<fetch_response> answer(const fetch_request& r, instant now) const {
    if (r.url.ends_with("/master.m3u8")) return page(r, multivariant_of(origin_));
    for (const auto& rendition : origin_)
      if (r.url.ends_with("/" + rendition.name + ".m3u8"))
        return page(r, rendition.playlist_at(now));
    return status(r, 404);
  }

  std::string get(const std::string& target) {
    const auto answer = node_->get(target);
    BOOST_REQUIRE_MESSAGE(answer.status() == 200, "at " + format_iso8601(node_->now()) + " " +
                                                      target + "\n" + answer.head + answer.body);
    return answer.body;
  }
  // "/v1/tv/one/s/<token>/"
  std::string begin_session(const std::string& mode) {
    const auto master = get("/v1/tv/one/master.m3u8?mode=" + mode);
    const auto from = master.find("\ns/") + 1;
    BOOST_REQUIRE_MESSAGE(from > 0, master);
    return "/v1/tv/one/" + master.substr(from, master.find('/', from + 2) + 1 - from);
  }

  // Renditions are asked for in another order each time.
  void look(bool stitched_too) {
    if (ssai_.folder.empty()) ssai_.folder = begin_session("ssai");
    if (sgai_.folder.empty()) sgai_.folder = begin_session("sgai");
    ++looks_;
    for (std::size_t i = 0; i < origin_.size(); ++i) {
      const auto index = (i + looks_) % origin_.size();
      if (stitched_too) look_stitched(index);
      look_guided(index);
    }
    for (auto& [url, known] : sgai_.lists) look_at_assets(url, known);
  }
  void look_stitched(std::size_t i) {
    const auto text = get(ssai_.folder + origin_[i].name + ".m3u8");
    report("stitched", ssai_.watch.check(origin_[i].name, text, node_->edge(i), case_.pace_slack));
  }
  void look_guided(std::size_t i) {
    const auto text = get(sgai_.folder + origin_[i].name + ".m3u8");
    const auto sight = sgai_.watch.see(origin_[i].name, text, node_->now());
    report("guided", sight.violations);
    for (const auto& b : sight.breaks) sgai_.lists[sgai_.folder + b.asset_list];
  }
  // The list is the same whenever it is asked for, and what it says is so.
  void look_at_assets(const std::string& url, std::string& known) {
    const auto list = get(url);
    BOOST_TEST((known.empty() || list == known), "it was " + known + " and is " + list);
    if (!known.empty()) return;
    known = list;
    const auto assets = swarm::read_asset_list(list);
    BOOST_REQUIRE_MESSAGE(assets, list);
    for (const auto& a : *assets) {
      const auto master = a.uri.substr(a.uri.find("/v1/"));
      for (const auto& r : origin_) {
        const auto playlist = get(master.substr(0, master.rfind('/') + 1) + r.name + ".m3u8");
        remember_creatives(playlist);
        // Sound is cut where its frames end.
        if (!is_audio(r)) report(url, swarm::read_asset_playlist(playlist, a.length).violations);
      }
    }
  }
  void remember_creatives(const std::string& playlist) {
    for (auto c = playlist.find("/c/"); c != playlist.npos; c = playlist.find("/c/", c + 1))
      sgai_.creatives.insert(playlist.substr(c + 3, playlist.find('/', c + 3) - c - 3));
  }
  void report(const std::string& who, const std::vector<std::string>& violations) {
    for (const auto& v : violations)
      BOOST_ERROR("at " + format_iso8601(node_->now()) + " " + who + ": " + v);
  }

  const break_case& case_;
  std::vector<origin_rendition> origin_;
  std::function<void(station&)> script_;
  std::function<void(channel_settings&)> adjust_;
  std::shared_ptr<disk> store_ = std::make_shared<disk>();
  std::unique_ptr<ticking_node> node_;
  stitched_viewer ssai_;
  guided_viewer sgai_;
  std::size_t looks_ = 0;
};

void play_case(const break_case& c) {
  broadcast b{c};
  b.play();
  c.expect(b.seen());
  // Guided viewers are told of the same breaks, and given the same ads.
  BOOST_TEST(b.guided().lists.size() == c.breaks);
  std::istringstream ads{b.seen().ads()};
  for (std::string ad; ads >> ad;)
    BOOST_TEST(
        (ad.starts_with("slate/") || b.guided().creatives.contains(ad.substr(0, ad.find('/')))),
        ad);
}

const bool registered = register_cases("cases_through_the_node", play_case);

}  // namespace

BOOST_AUTO_TEST_SUITE(cases_that_only_a_node_knows)

// Nobody waits for it, and what it says changes nothing: the break is slate.
BOOST_AUTO_TEST_CASE(a_decision_that_arrives_after_the_splice_point) {
  const break_case c{.name = {}, .origin = {usual_break()}};
  broadcast b{c, [](station& s) { s.decide_late(9s); }};
  b.play();
  BOOST_TEST(b.seen().ads().starts_with("slate/0 slate/1 slate/2"), b.seen().ads());
  BOOST_TEST(b.seen().ads().find("red") == std::string::npos, b.seen().ads());
  BOOST_TEST((b.seen().returned_at() == at(70)));
}

BOOST_AUTO_TEST_CASE(a_decision_that_arrives_after_the_splice_point_but_in_time) {
  const break_case c{.name = {}, .origin = {usual_break()}};
  broadcast b{c, [](station& s) { s.decide_late(4s); },
              [](channel_settings& s) { s.decision_timeout = 10s; }};
  b.play();
  BOOST_TEST(b.seen().ads() == usual_pod);
  BOOST_TEST((b.seen().returned_at() == at(70)));
}

BOOST_AUTO_TEST_SUITE_END()
