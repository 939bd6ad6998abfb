#include "apps/adserver/ad_server.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>

#include "apps/adserver/page.hpp"
#include "media/core/json_text.hpp"

namespace interlude::adserver {

namespace {

namespace asio = boost::asio;
namespace http = net::http;
namespace json = boost::json;

using timer =
    asio::basic_waitable_timer<std::chrono::steady_clock,
                               asio::wait_traits<std::chrono::steady_clock>, net::executor>;

// Longer than anybody waits, and the connection's own timeouts end it.
constexpr auto never = std::chrono::minutes{5};
constexpr std::size_t longest_name = 64;

net::response reply(std::string_view type, std::string body) {
  auto out = net::make_response(http::status::ok, type, std::move(body));
  net::allow_cross_origin(out);
  out.add_header("Cache-Control", "no-store");
  return out;
}

net::response problem(http::status status, std::string_view what) {
  return net::make_problem(status, "ad-server", http::obsolete_reason(status), what);
}

std::string billion_laughs() {
  std::string out = "<?xml version=\"1.0\"?><!DOCTYPE VAST [<!ENTITY a0 \"ha\">";
  for (int i = 1; i < 30; ++i) {
    const auto before = "&a" + std::to_string(i - 1) + ";";
    out += "<!ENTITY a" + std::to_string(i) + " \"" + before + before + "\">";
  }
  return out + "]><VAST version=\"4.0\"><Error>&a29;</Error></VAST>";
}

net::response vast_reply(const order& o, const std::vector<ad_media>& ads,
                         const std::string& base) {
  constexpr std::size_t ten_megabytes = 10 * 1024 * 1024;
  auto text = vast_for(o, ads, base);
  switch (o.wrong) {
    case fault::no_content:
      return net::make_response(http::status::no_content, "text/xml", "");
    case fault::failing:
      return problem(http::status::internal_server_error, "as ordered");
    case fault::not_xml:
      return reply("text/html", "<html><body><p>Please log in<br></body></html>");
    case fault::truncated:
      text.resize(text.size() / 2);
      break;
    case fault::huge:
      text.insert(text.find("<VAST"), "<!--" + std::string(ten_megabytes, ' ') + "-->");
      break;
    case fault::bomb:
      text = billion_laughs();
      break;
    case fault::encoding:
      text.insert(text.find("<VAST"), "<!-- \xE4\xF6\xFC -->");
      break;
    default:
      break;
  }
  return reply("text/xml", std::move(text));
}

bool is_host(std::string_view text) {
  constexpr std::string_view marks = ".-:[]";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           marks.find(c) != std::string_view::npos;
  });
}

net::awaitable<void> wait(duration time) {
  timer t{co_await asio::this_coro::executor, time};
  co_await t.async_wait(asio::use_awaitable_t<net::executor>{});
}

// {"failing": 0.2, "kinds": ["busy", "hangs"]}; without kinds, all that pass.
result<bool> read_pixel_faults(const json::value& wanted, pixel_faults& out) {
  const auto* object = wanted.if_object();
  const auto* share = object == nullptr ? nullptr : object->if_contains("failing");
  if (share == nullptr || !share->is_number())
    return error{errc::malformed, "pixels", "{\"failing\": share, \"kinds\": [name]} is expected"};
  auto kinds = passing_faults();
  if (const auto* named = object->if_contains("kinds")) {
    kinds.clear();
    if (!named->is_array()) return error{errc::malformed, "pixels.kinds", "a list is expected"};
    for (const auto& name : named->get_array()) {
      const auto kind =
          name.is_string() ? pixel_fault_of(std::string_view{name.get_string()}) : std::nullopt;
      if (!kind) return error{errc::malformed, "pixels.kinds", "there is none of that name"};
      kinds.push_back(*kind);
    }
  }
  return out.set(share->to_number<double>(), std::move(kinds));
}

class ad_server final : public net::request_handler {
 public:
  ad_server(ad_server_options options, std::map<std::string, std::string> media)
      : options_(std::move(options)), media_(std::move(media)), pixels_(options_.most_pixels) {
    for (const auto& ad : options_.ads) ads_.push_back(ad.media);
  }

  bool answer_now(const net::request& req, net::response& out) override {
    if (req.path == "/vast") return false;
    if (req.path == "/pixel" && req.method == http::verb::get) {
      const auto wrong = pixel_faults_.next();
      if (wrong) pixels_.fail();
      if (wrong == pixel_fault::hangs) return false;
      out = wrong ? faulty_pixel(*wrong) : note(req);
      return true;
    }
    out = at(req);
    return true;
  }

  net::awaitable<net::response> answer(const net::request& req) override {
    if (req.path == "/pixel") {
      co_await wait(never);
      co_return faulty_pixel(pixel_fault::server_error);
    }
    const under_way here{*this};
    auto o = read_order(req.query);
    if (!o) co_return problem(http::status::bad_request, o.error().message());
    {
      const std::lock_guard lock{mutex_};
      if (o->wrong == fault::none) {
        o->wrong = standing_.wrong;
        if (o->delay == duration{0}) o->delay = standing_.delay;
      }
      ++(o->wrong != fault::none ? faulty_ : o->wrappers > 0 ? wrappers_ : ads_given_);
    }
    // Where they reached us, by their own account.
    const auto host = req.header(http::field::host);
    if (!is_host(host)) co_return problem(http::status::bad_request, "Host is none");
    const auto base = "http://" + std::string{host};
    const auto late = o->wrong == fault::never  ? duration{never}
                      : o->wrong == fault::slow ? o->delay
                                                : duration{0};
    if (late > duration{0}) co_await wait(late);
    co_return vast_reply(*o, ads_, base);
  }

 private:
  // How many questions are being answered, and the most that ever were at a time.
  class under_way {
   public:
    explicit under_way(ad_server& s) : server_(s) {
      const std::lock_guard lock{server_.mutex_};
      server_.most_at_once_ = std::max(server_.most_at_once_, ++server_.at_once_);
    }
    ~under_way() {
      const std::lock_guard lock{server_.mutex_};
      --server_.at_once_;
    }
    under_way(const under_way&) = delete;
    under_way& operator=(const under_way&) = delete;

   private:
    ad_server& server_;
  };

  net::response at(const net::request& req) {
    const bool posts = req.method == http::verb::post;
    if (req.path == "/control" && posts) return change(req.body);
    if (req.path == "/pixels/clear" && posts) return pixels_.clear(), reply("text/plain", "");
    if (req.method != http::verb::get)
      return problem(http::status::method_not_allowed, "GET is expected here");
    if (req.path == "/") return reply("text/html; charset=utf-8", page);
    if (req.path == "/pixels/lines") return reply("text/plain", pixels_.lines());
    if (req.path == "/pixels") return reply("application/json", json::serialize(pixels_.show()));
    if (req.path == "/control") return describe();
    const auto it = media_.find(std::string{req.path});
    if (it != media_.end()) return reply("video/mp4", it->second);
    return problem(http::status::not_found, "nothing is here");
  }

  net::response note(const net::request& req) {
    pixel_request p{options_.now(), std::string{req.target}, {}};
    for (const auto& field : *req.headers)
      p.headers.emplace_back(field.name_string(), field.value());
    pixels_.add(std::move(p));
    // A transparent GIF of one by one.
    static constexpr char gif[] =
        "GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF!\xF9\x04\x01\0\0\0\0,"
        "\0\0\0\0\x01\0\x01\0\0\x02\x02"
        "D\x01\0;";
    return reply("image/gif", std::string{gif, sizeof gif - 1});
  }

  net::response describe() {
    const std::lock_guard lock{mutex_};
    return reply("application/json",
                 indented_json(json::object{{"fault", to_string(standing_.wrong)},
                                            {"delay", to_seconds(standing_.delay)},
                                            {"pixels", {{"failing", pixel_faults_.share()}}},
                                            {"asked",
                                             {{"wrappers", wrappers_},
                                              {"ads", ads_given_},
                                              {"faults", faulty_},
                                              {"mostAtOnce", most_at_once_}}}}));
  }

  net::response change(std::string_view body) {
    boost::system::error_code ec;
    const auto parsed = json::parse(body, ec);
    const auto* object = ec ? nullptr : parsed.if_object();
    if (object == nullptr) return problem(http::status::bad_request, "an object is expected");
    order next;
    if (const auto* pixels = object->if_contains("pixels")) {
      if (object->size() > 1)
        return problem(http::status::bad_request, "pixels: is told without anything else");
      const auto done = read_pixel_faults(*pixels, pixel_faults_);
      return done ? describe() : problem(http::status::bad_request, done.error().message());
    }
    for (const auto& [key, value] : *object) {
      if (key == "fault" && value.is_string()) {
        const auto f = fault_of(std::string_view{value.get_string()});
        if (!f) return problem(http::status::bad_request, "fault: there is none of that name");
        next.wrong = *f;
      } else if (key == "delay" && value.is_number() && value.to_number<double>() >= 0 &&
                 value.to_number<double>() <= 3600) {
        next.delay = from_seconds(value.to_number<double>());
      } else {
        return problem(http::status::bad_request,
                       std::string{key} + ": fault (a name) and delay (seconds) are expected");
      }
    }
    {
      const std::lock_guard lock{mutex_};
      standing_ = next;
    }
    return describe();
  }

  const ad_server_options options_;
  const std::map<std::string, std::string> media_;  // by path
  std::vector<ad_media> ads_;
  pixel_log pixels_;
  pixel_faults pixel_faults_;
  std::mutex mutex_;
  order standing_;
  std::uint64_t wrappers_ = 0, ads_given_ = 0, faulty_ = 0;  // questions, by what answers them
  std::uint64_t at_once_ = 0, most_at_once_ = 0;
};

}  // namespace

result<std::shared_ptr<net::request_handler>> open_ad_server(ad_server_options options) {
  std::map<std::string, std::string> media;
  for (const auto& ad : options.ads) {
    if (ad.media.name.size() > longest_name || !is_plain(ad.media.name))
      return error{errc::malformed, ad.media.name, "letters, digits, _ and - are expected"};
    std::ifstream in{ad.path, std::ios::binary};
    if (!in) return error{errc::not_found, ad.path, "cannot be read"};
    media["/media/" + ad.media.name + ".mp4"] = {std::istreambuf_iterator<char>{in}, {}};
  }
  return std::shared_ptr<net::request_handler>{
      std::make_shared<ad_server>(std::move(options), std::move(media))};
}

}  // namespace interlude::adserver
