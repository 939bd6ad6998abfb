// A proxied channel from a scripted origin to a player, with all that is between them: client,
// actors, store, server.
#include <algorithm>

#include "actors/node_system.hpp"
#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "net/routes.hpp"
#include "tests/net/raw_client.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/scripted_server.hpp"

using namespace interlude;
using namespace interlude::net;
using namespace std::chrono_literals;

namespace {

// Four segments of ranges of one file, with an initialisation and a key. Every playlist has another
// token; nothing can be had without one.
class token_origin {
 public:
  std::string url() const { return server_.url("/live/master.m3u8?token=0"); }
  std::size_t count(const std::string& what) {
    const std::lock_guard lock{mutex_};
    return asked_[what];
  }

 private:
  void serve(test::scripted_connection& c) {
    for (auto request = c.read_request(); !request.empty(); request = c.read_request()) {
      const auto target = request.substr(4, request.find(' ', 4) - 4);
      const auto path = target.substr(0, target.find('?'));
      {
        const std::lock_guard lock{mutex_};
        ++asked_[path];
      }
      if (target.find("?token=") == std::string::npos)
        c.answer("", "403 Forbidden");
      else if (path == "/live/master.m3u8")
        c.answer(master());
      else if (path == "/live/v0.m3u8")
        c.answer(media());
      else if (path == "/live/init.mp4")
        c.answer("initialisation", "200 OK", mp4);
      else if (path == "/live/key")
        c.answer("sixteen bytes...");
      else if (path == "/live/all.mp4")
        answer_range(c, request);
      else
        c.answer("", "404 Not Found");
    }
  }
  std::string token() { return "?token=" + std::to_string(++tokens_); }
  std::string master() {
    return "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=900000\nv0.m3u8" + token() + "\n";
  }
  std::string media() {
    const auto t = token();
    std::string out =
        "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:10\n"
        "#EXT-X-KEY:METHOD=AES-128,URI=\"key?token=k\"\n#EXT-X-MAP:URI=\"init.mp4?token=i\"\n"
        "#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.000Z\n";
    for (int i = 0; i < 4; ++i)
      out += "#EXT-X-BYTERANGE:5@" + std::to_string(5 * i) + "\n#EXTINF:2,\nall.mp4" + t + "\n";
    return out;
  }
  static void answer_range(test::scripted_connection& c, const std::string& request) {
    const std::string all = "zero.one..two..three";
    const auto at = request.find("Range: bytes=");
    const auto first = std::stoul(request.substr(at + 13));
    c.answer(all.substr(first, 5), "206 Partial Content", mp4);
  }

  static constexpr const char* mp4 = "Content-Type: video/mp4\r\n";
  std::mutex mutex_;
  std::map<std::string, std::size_t> asked_;
  std::atomic<int> tokens_{0};
  test::scripted_server server_{[this](test::scripted_connection& c) { serve(c); }};
};

// A node process, as main makes it.
class node_process {
 public:
  node_process(const std::string& origin, const std::string& data) {
    node_system_options o;
    o.data = data;
    auto& c = o.channels.emplace_back();
    c.org = "tv";
    c.name = "one";
    c.origin = origin;
    c.segments = content_place::proxy;
    o.fetcher = client;
    o.threads = 1;
    auto started = node_system::start(std::move(o));
    BOOST_REQUIRE_MESSAGE(started, (started ? "" : started.error().message()));
    system = *std::move(started);
    const auto wall = [] { return std::chrono::floor<duration>(std::chrono::system_clock::now()); };
    context.reset(new node_context{*system,
                                   *system,
                                   session_signer{"a secret of the test"},
                                   system->media(),
                                   *client,
                                   content,
                                   "",
                                   "",
                                   "",
                                   wall,
                                   std::chrono::steady_clock::now,
                                   [] { return true; },
                                   {}});
    auto opened = http_server::open({}, std::make_shared<node_routes>(*context));
    BOOST_REQUIRE(opened);
    server = *std::move(opened);
    server->start();
  }
  ~node_process() {
    server->stop(1s);
    client->stop();
    system->stop();
  }
  raw_response get(const std::string& target) {
    raw_client viewer{server->endpoint()};
    viewer.get(target);
    return viewer.read();
  }
  std::string new_session() {
    const auto master = get("/v1/tv/one/master.m3u8").body;
    const auto from = master.find("\ns/") + 1;
    BOOST_REQUIRE_MESSAGE(from > 0, master);
    return "/v1/tv/one/" + master.substr(from, master.find("/v0.m3u8") + 1 - from);
  }

  std::shared_ptr<http_client> client = http_client::start({});
  content_proxy content{*client, {}};
  std::unique_ptr<node_system> system;
  std::unique_ptr<node_context> context;
  std::unique_ptr<http_server> server;
};

// Every "content/..." in a playlist, in order and once.
std::vector<std::string> names_in(const std::string& playlist) {
  std::vector<std::string> out;
  for (auto at = playlist.find("content/"); at != playlist.npos;
       at = playlist.find("content/", at + 1)) {
    auto name = playlist.substr(at, playlist.find_first_of("\"\n", at) - at);
    if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(std::move(name));
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(proxied_channel)

BOOST_AUTO_TEST_CASE(a_player_gets_everything_from_the_node_also_after_a_restart) {
  token_origin origin;
  test::scratch_folder folder;
  std::vector<std::string> names;
  std::string session;
  {
    node_process node{origin.url(), folder.path()};
    session = node.new_session();
    const auto playlist = node.get(session + "v0.m3u8").body;
    BOOST_TEST(playlist.find("127.0.0.1") == std::string::npos, playlist);
    BOOST_TEST(playlist.find("token") == std::string::npos, playlist);
    BOOST_TEST(playlist.find("BYTERANGE") == std::string::npos, playlist);
    names = names_in(playlist);
    BOOST_REQUIRE_EQUAL(names.size(), 6u);
    BOOST_TEST(node.get(session + names[0]).body == "sixteen bytes...");
    BOOST_TEST(node.get(session + names[0]).has("Cache-Control: private, no-store\r\n"));
    const auto map = node.get(session + names[1]);
    BOOST_TEST(map.body == "initialisation");
    BOOST_TEST(map.has("Content-Type: video/mp4\r\n"));
    for (int twice = 0; twice < 2; ++twice) {
      BOOST_TEST(node.get(session + names[2]).body == "zero.");
      BOOST_TEST(node.get(session + names[5]).body == "three");
    }
  }
  // Another process, whose first request is for a segment: the same name is the same bytes.
  node_process again{origin.url(), folder.path()};
  const auto before = origin.count("/live/all.mp4");
  BOOST_TEST(again.get(session + names[4]).body == "two..");
  BOOST_TEST(again.get(session + names[4]).body == "two..");
  BOOST_TEST(origin.count("/live/all.mp4") > before);
  const auto playlist = again.get(session + "v0.m3u8").body;
  BOOST_TEST(names_in(playlist) == names, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
