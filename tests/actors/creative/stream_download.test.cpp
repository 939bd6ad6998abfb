// How a stream is fetched: how much of it at once, for how long, and what becomes of failures.
#include "actors/creative/stream_download.hpp"

#include <algorithm>
#include <filesystem>
#include <stop_token>
#include <thread>

#include "tests/actors/creative/remote_pages.hpp"

using namespace interlude;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

const std::string place = "http://cdn.test/ad/";

std::string vod(const std::string& lines) {
  return "#EXTM3U\n#EXT-X-TARGETDURATION:4\n" + lines + "#EXT-X-ENDLIST\n";
}

std::string segments(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += "#EXTINF:1,\n" + std::to_string(i) + ".ts\n";
  return out;
}

stream_order order_of(const scratch_folder& folder, const std::string& text) {
  stream_order o;
  o.first = {text, place + "index.m3u8"};
  o.folder = folder / "stream.part";
  o.max_bytes = 1000;
  o.timeout = 10s;
  return o;
}

// Answers when so many wait, the last of them first; all of them once nobody else will ask.
class full_house : public http_fetcher {
 public:
  full_house(std::size_t seats, std::size_t expected) : seats_(seats), expected_(expected) {}
  void fetch(fetch_request r, callback done) override {
    waiting_.emplace_back(std::move(r.url), std::move(done));
    ++asked;
    most = std::max(most, waiting_.size());
    if (asked == expected_)
      while (!waiting_.empty()) answer_last();
    else if (waiting_.size() == seats_)
      answer_last();
  }
  std::size_t asked = 0, most = 0;

 private:
  void answer_last() {
    const auto [url, done] = std::move(waiting_.back());
    waiting_.pop_back();
    fetch_response answer;
    answer.status = 200;
    answer.body = url;
    done(std::move(answer));
  }

  std::size_t seats_, expected_;
  std::vector<std::pair<std::string, callback>> waiting_;
};

// Never answers.
struct silence : http_fetcher {
  void fetch(fetch_request, callback done) override { kept.push_back(std::move(done)); }
  std::vector<callback> kept;
};

std::string failure(http_fetcher& network, const stream_order& order) {
  const auto r = download_stream(network, order);
  BOOST_TEST(!std::filesystem::exists(order.folder));
  return r ? "it was fetched" : r.error().message();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(stream_downloads)

BOOST_AUTO_TEST_CASE(all_that_is_named_is_there_under_other_names) {
  const scratch_folder folder;
  remote network;
  network.put(place + "v.m3u8", vod(segments(2)));
  network.put(place + "a.m3u8", vod("#EXTINF:2,\nsound.ts\n"));
  network.put(place + "0.ts", "first");
  network.put(place + "1.ts", "second");
  network.put(place + "sound.ts", "third");
  const auto order =
      order_of(folder,
               "#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"a\",URI=\"a.m3u8\"\n"
               "#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO=\"a\"\nv.m3u8\n");
  const auto content = download_stream(network, order);
  BOOST_REQUIRE_MESSAGE(content, (content ? "" : content.error().message()));
  BOOST_TEST(content->size() == 64u);
  BOOST_TEST(read_all(order.folder + "/0.ts") == "first");
  BOOST_TEST(read_all(order.folder + "/1.ts") == "second");
  BOOST_TEST(read_all(order.folder + "/2.ts") == "third");
  BOOST_TEST(std::filesystem::exists(order.folder + "/index.m3u8"));
  const auto requests = network.requests();
  BOOST_TEST(requests.size() == 5u);
  // It must not lead into the network that the node stands in.
  for (const auto& r : requests) BOOST_TEST(r.from_stranger);
}

BOOST_AUTO_TEST_CASE(its_content_is_what_it_holds_not_what_it_is_called) {
  const scratch_folder folder;
  remote network;
  const auto content = [&](const std::string& names, const std::string& lines) {
    network.put(place + names + "0.ts", "first");
    network.put(place + names + "1.ts", "second");
    return download_stream(network, order_of(folder, vod(lines))).value();
  };
  const auto one = content("", "#EXTINF:1,\n0.ts\n#EXTINF:1,\n1.ts\n");
  BOOST_TEST(content("b", "#EXT-X-BITRATE:9\n#EXTINF:1,x\nb0.ts\n#EXTINF:1,\nb1.ts\n") == one);
  BOOST_TEST(content("", "#EXTINF:1,\n1.ts\n#EXTINF:1,\n0.ts\n") != one);
  // Another part of the same files is another ad.
  BOOST_TEST(content("", "#EXTINF:1,\n0.ts\n#EXTINF:1,\n#EXT-X-BYTERANGE:3@0\n1.ts\n") != one);
}

BOOST_AUTO_TEST_CASE(a_few_are_asked_for_at_a_time_and_may_come_in_any_order) {
  const scratch_folder folder;
  full_house network{4, 9};
  const auto order = order_of(folder, vod(segments(9)));
  const auto content = download_stream(network, order);
  BOOST_REQUIRE_MESSAGE(content, (content ? "" : content.error().message()));
  BOOST_TEST(network.asked == 9u);
  BOOST_TEST(network.most == 4u);
  for (int i = 0; i < 9; ++i)
    BOOST_TEST(read_all(order.folder + '/' + std::to_string(i) + ".ts") ==
               place + std::to_string(i) + ".ts");
}

BOOST_AUTO_TEST_CASE(all_files_together_are_bounded) {
  const scratch_folder folder;
  remote network;
  for (int i = 0; i < 6; ++i) network.put(place + std::to_string(i) + ".ts", std::string(200, 'x'));
  const auto order = order_of(folder, vod(segments(6)));
  const auto r = download_stream(network, order);
  BOOST_REQUIRE(!r);
  BOOST_TEST((r.error().code == errc::too_large), r.error().message());
  BOOST_TEST(!std::filesystem::exists(order.folder));
  // Those under way at once keep within the bound, too.
  for (const auto& request : network.requests()) BOOST_TEST(request.max_bytes <= 250u);
}

BOOST_AUTO_TEST_CASE(a_playlist_that_is_too_large_is_refused) {
  const scratch_folder folder;
  remote network;
  auto order = order_of(folder, vod(segments(6)));
  order.limits.playlist_bytes = 50;
  BOOST_TEST(failure(network, order).find("too large for a playlist") != std::string::npos);
  order.first.text = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nv\n";
  network.put(place + "v", vod(segments(6)));
  BOOST_TEST(failure(network, order).find("too large") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_part_that_is_not_there_is_told_without_its_token) {
  const scratch_folder folder;
  remote network;
  const auto told = failure(network, order_of(folder, vod("#EXTINF:1,\n0.ts?token=secret\n")));
  BOOST_TEST(told == "http://cdn.test/ad/0.ts: the server answered HTTP 404");
}

BOOST_AUTO_TEST_CASE(parts_that_are_not_what_they_should_be_are_refused) {
  const scratch_folder folder;
  remote network;
  network.put(place + "0.ts", "0123456789");
  network.put(place + "1.ts", "#EXTM3U\n");
  network.put(place + "2.ts", "media");
  BOOST_TEST(failure(network, order_of(folder, vod("#EXTINF:1,\n#EXT-X-BYTERANGE:5@6\n0.ts\n")))
                 .find("shorter than what is wanted") != std::string::npos);
  BOOST_TEST(failure(network, order_of(folder, vod("#EXTINF:1,\n1.ts\n")))
                 .find("where media was expected") != std::string::npos);
  // A key that is none.
  BOOST_TEST(
      failure(network,
              order_of(folder, vod("#EXT-X-KEY:METHOD=AES-128,URI=\"0.ts\"\n#EXTINF:1,\n2.ts\n")))
          .find("shorter than what is wanted") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_time_of_all_is_bounded) {
  const scratch_folder folder;
  silence network;
  auto order = order_of(folder, vod(segments(9)));
  order.timeout = 20ms;
  BOOST_TEST(failure(network, order).find("within 20 ms") != std::string::npos);
  BOOST_TEST(network.kept.size() == 4u);
  // Who answers late finds nobody, and does no harm.
  for (auto& done : network.kept) done(fetch_response{});
}

BOOST_AUTO_TEST_CASE(nobody_waits_for_it_when_the_node_ends) {
  const scratch_folder folder;
  silence network;
  auto order = order_of(folder, vod(segments(9)));
  std::stop_source stop;
  order.stop = stop.get_token();
  std::thread end{[&] { stop.request_stop(); }};
  BOOST_TEST(failure(network, order).find("was stopped") != std::string::npos);
  end.join();
}

BOOST_AUTO_TEST_SUITE_END()
