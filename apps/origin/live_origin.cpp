#include "apps/origin/live_origin.hpp"

#include <openssl/evp.h>
#include <spdlog/spdlog.h>

#include <array>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <random>

#include "apps/origin/control.hpp"
#include "apps/origin/in_band.hpp"
#include "apps/origin/live_window.hpp"

namespace interlude::origin {

namespace {

namespace asio = boost::asio;
namespace http = net::http;
namespace json = boost::json;

constexpr std::string_view key_bytes = "interlude-origin";  // 16 bytes: AES-128

struct live_channel {
  channel_options options;
  std::shared_ptr<const ladder_media> media;
  std::mt19937_64 chance;
};

struct split_path {
  std::string_view first, second, third;
  bool deeper = false;
};

split_path split(std::string_view path) {
  const auto take = [&] {
    if (path.starts_with('/')) path.remove_prefix(1);
    const auto part = path.substr(0, path.find('/'));
    path.remove_prefix(part.size());
    return part;
  };
  split_path p{take(), take(), take(), false};
  p.deeper = path.size() > 1;
  return p;
}

net::response reply(std::string_view type, std::string body,
                    std::string_view caching = "no-cache") {
  auto out = net::make_response(http::status::ok, type, std::move(body));
  net::allow_cross_origin(out);
  out.add_header("Cache-Control", caching);
  return out;
}

net::response not_found(std::string_view what) {
  return net::make_problem(http::status::not_found, "not-found", "Nothing here", what);
}

std::string encrypt(const std::string& clear, std::int64_t iv_number) {
  std::array<unsigned char, 16> iv{};
  for (std::size_t i = 0; i < 8; ++i)
    iv[15 - i] = static_cast<unsigned char>(static_cast<std::uint64_t>(iv_number) >> 8 * i);
  const std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)> context{EVP_CIPHER_CTX_new(),
                                                                           EVP_CIPHER_CTX_free};
  std::string out(clear.size() + 16, '\0');
  auto* to = reinterpret_cast<unsigned char*>(out.data());
  int written = 0, last = 0;
  EVP_EncryptInit_ex(context.get(), EVP_aes_128_cbc(), nullptr,
                     reinterpret_cast<const unsigned char*>(key_bytes.data()), iv.data());
  EVP_EncryptUpdate(context.get(), to, &written,
                    reinterpret_cast<const unsigned char*>(clear.data()),
                    static_cast<int>(clear.size()));
  EVP_EncryptFinal_ex(context.get(), to + written, &last);
  out.resize(static_cast<std::size_t>(written + last));
  return out;
}

std::string etag_of(std::string_view text) {
  return '"' + std::to_string(std::hash<std::string_view>{}(text)) + '"';
}

class live_origin final : public net::request_handler {
 public:
  live_origin(origin_options options, instant epoch)
      : now_(std::move(options.now)),
        epoch_(epoch),
        script_(std::move(options.script)),
        begun_(now_()) {}

  void add(channel_options c, std::shared_ptr<const ladder_media> media) {
    const auto seed = c.seed;
    auto name = c.name;
    channels_.emplace(std::move(name),
                      live_channel{std::move(c), std::move(media), std::mt19937_64{seed}});
  }

  bool answer_now(const net::request& req, net::response& out) override {
    const auto p = split(req.path);
    if (stall_of(p) > 0) return false;
    out = answer_to(req, p);
    return true;
  }

  net::awaitable<net::response> answer(const net::request& req) override {
    const auto p = split(req.path);
    const auto late = from_seconds(stall_of(p));
    asio::basic_waitable_timer<std::chrono::steady_clock,
                               asio::wait_traits<std::chrono::steady_clock>, net::executor>
        timer{co_await asio::this_coro::executor, late};
    co_await timer.async_wait(asio::use_awaitable_t<net::executor>{});
    co_return answer_to(req, p);
  }

 private:
  live_channel* find(std::string_view name) {
    const auto it = channels_.find(std::string{name});
    return it == channels_.end() ? nullptr : &it->second;
  }

  double stall_of(const split_path& p) {
    const std::lock_guard lock{mutex_};
    keep_to_script();
    const auto* c = find(p.first);
    const bool stalls =
        c != nullptr && c->options.today.stall_until && now_() < *c->options.today.stall_until;
    return stalls ? c->options.today.stall : 0;
  }

  net::response answer_to(const net::request& req, const split_path& p) {
    const std::lock_guard lock{mutex_};
    keep_to_script();
    if (p.first.empty()) return listing();
    if (p.first == "control") return control(req, p);
    auto* c = find(p.first);
    if (c == nullptr || p.deeper) return not_found("no such channel");
    if (p.second == "key.bin" && p.third.empty())
      return reply("application/octet-stream", std::string{key_bytes}, "max-age=3600");
    if (!p.third.empty()) return media(*c, p);
    return playlist(*c, req, p.second);
  }

  // Nobody sees a fault before asking: the script is caught up with then, each fault at its own
  // time.
  void keep_to_script() {
    const auto until = now_() - begun_;
    for (const auto& due : faults_due(script_, scripted_until_, until))
      for (auto& [name, c] : channels_)
        if (due.fault->channel == "*" || due.fault->channel == name)
          apply_scripted(c, *due.fault, begun_ + due.at);
    scripted_until_ = std::max(scripted_until_, until);
  }

  void apply_scripted(live_channel& c, const scripted_fault& f, instant at) {
    const auto next = newest_segment(c.options, "", epoch_, at) + 1;
    auto changed = apply_control(c.options.today, f.faults, next, at);
    if (!changed) return;  // the script was checked when it was read
    c.options.today = *std::move(changed);
    spdlog::info("{}: {}", c.options.name, f.faults);
  }

  net::response listing() {
    json::array list;
    const auto now = now_();
    for (const auto& [name, c] : channels_) {
      json::array coming;
      for (const auto& b :
           breaks_between(c.options, epoch_, now, now + 3 * from_seconds(c.options.break_every)))
        coming.emplace_back(format_iso8601(b.start));
      list.push_back({{"channel", name},
                      {"master", "/" + name + "/master.m3u8"},
                      {"control", "/control/" + name},
                      {"breaks", std::move(coming)}});
    }
    return reply("application/json", json::serialize(json::object{{"now", format_iso8601(now)},
                                                                  {"channels", std::move(list)}}));
  }

  net::response control(const net::request& req, const split_path& p) {
    auto* c = find(p.second);
    if (c == nullptr || !p.third.empty()) return not_found("no such channel");
    if (req.method == http::verb::post) {
      const auto next = newest_segment(c->options, "", epoch_, now_()) + 1;
      auto changed = apply_control(c->options.today, req.body, next, now_());
      if (!changed)
        return net::make_problem(http::status::bad_request, "control",
                                 "The control message cannot be used", changed.error().message());
      c->options.today = *std::move(changed);
    }
    return reply("application/json", describe_faults(c->options.today));
  }

  net::response playlist(live_channel& c, const net::request& req, std::string_view file) {
    const auto& f = c.options.today;
    const auto now = now_();
    const bool fails = (f.errors_until && now < *f.errors_until) ||
                       (f.error_probability > 0 &&
                        std::uniform_real_distribution<>{}(c.chance) < f.error_probability);
    if (fails)
      return net::make_problem(static_cast<http::status>(f.error_status), "fault",
                               "A fault on demand", "errors");
    if (f.garbage_until && now < *f.garbage_until && f.garbage != garbage::none)
      return rubbish(c, file.substr(0, file.rfind('.')));
    if (!file.ends_with(".m3u8")) return not_found("no such file");
    const auto name = file.substr(0, file.size() - 5);
    if (name == "master")
      return reply("application/vnd.apple.mpegurl", render_master_playlist(c.options));
    const auto known = renditions_of(c.options);
    if (name == f.vanished || std::find(known.begin(), known.end(), name) == known.end())
      return not_found("no such rendition");
    auto text = render_live_playlist(c.options, name, epoch_, now);
    if (text.empty()) return not_found("the channel is just beginning");
    const auto etag = etag_of(text);
    if (req.header(http::field::if_none_match) == etag) {
      net::response unchanged;
      unchanged.status = http::status::not_modified;
      unchanged.add_header("ETag", etag);
      return unchanged;
    }
    auto out = reply("application/vnd.apple.mpegurl", std::move(text));
    out.add_header("ETag", etag);
    return out;
  }

  net::response rubbish(live_channel& c, std::string_view rendition) {
    const auto good = rendition == "master"
                          ? render_master_playlist(c.options)
                          : render_live_playlist(c.options, rendition, epoch_, now_());
    switch (c.options.today.garbage) {
      case garbage::html:
        return reply("text/html", "<!doctype html><title>Welcome</title><p>Please log in.");
      case garbage::truncated:
        return reply("application/vnd.apple.mpegurl", good.substr(0, good.size() / 2 + 3));
      case garbage::huge:
        return reply("application/vnd.apple.mpegurl",
                     "#EXTM3U\n" + std::string(3 * 1024 * 1024, 'x') + "\n");
      default: {
        std::string noise(4096, '\0');
        for (auto& byte : noise) byte = static_cast<char>(c.chance() & 0xFF);
        return reply("application/vnd.apple.mpegurl", std::move(noise));
      }
    }
  }

  net::response media(live_channel& c, const split_path& p) {
    const std::string rendition{p.second};
    if (p.third == "init.mp4") {
      auto init = c.media->init(rendition);
      return init ? reply("video/mp4", *std::move(init), "max-age=3600")
                  : not_found("no such rendition");
    }
    std::int64_t number = -1;
    const auto parsed = std::from_chars(p.third.data(), p.third.data() + p.third.size(), number);
    const std::string_view extension{
        parsed.ptr, static_cast<std::size_t>(p.third.data() + p.third.size() - parsed.ptr)};
    const auto newest = newest_segment(c.options, "", epoch_, now_());
    // Listed now, or a while ago: old ones stay for as long as a slow player may want them.
    if (parsed.ec != std::errc{} || number > newest || number < newest - 200)
      return not_found("no such segment");
    if (extension == ".vtt" && c.options.subtitles && rendition == "s0") return captions(c, number);
    if (extension != (c.options.fmp4 ? ".m4s" : ".ts")) return not_found("no such segment");
    // Timestamps jump where a discontinuity is announced.
    const auto shift = std::chrono::seconds{1000 * discontinuities_until(c.options, number)};
    auto data = c.media->segment(c.options, rendition, number, shift);
    if (!data) return not_found("no such rendition");
    if (c.options.cues == cue_style::in_band && rendition.starts_with('v'))
      carry_cues(c.options, epoch_, number, c.media->init(rendition).value_or(""), *data);
    return reply(c.options.fmp4 ? "video/mp4" : "video/mp2t",
                 as_listed(c.options, number, *std::move(data)), "max-age=300");
  }

  // Under the key that stands above it in the playlist, captions too.
  static std::string as_listed(const channel_options& c, std::int64_t number, std::string clear) {
    if (!c.encrypted) return clear;
    const auto written = number - numbering_base(c, number);
    return encrypt(clear, c.explicit_iv ? number ^ 0x5EED : written);
  }

  net::response captions(const live_channel& c, std::int64_t number) const {
    const auto from = c.options.after(number);
    // The media's clock starts at 10 s (ladder_media), WebVTT's at zero.
    std::string text = "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n\n";
    const auto stamp = [](duration t) {
      const std::chrono::hh_mm_ss<std::chrono::milliseconds> parts{
          std::chrono::floor<std::chrono::milliseconds>(t)};
      std::array<char, 40> out{};
      std::snprintf(out.data(), out.size(), "%02lld:%02lld:%02lld.%03lld",
                    static_cast<long long>(parts.hours().count()),
                    static_cast<long long>(parts.minutes().count()),
                    static_cast<long long>(parts.seconds().count()),
                    static_cast<long long>(parts.subseconds().count()));
      return std::string{out.data()};
    };
    text += stamp(from) + " --> " + stamp(from + c.options.segment_duration()) + "\nsegment " +
            std::to_string(number) + "\n";
    return reply("text/vtt", as_listed(c.options, number, std::move(text)), "max-age=300");
  }

  std::function<instant()> now_;
  instant epoch_;
  fault_script script_;
  instant begun_;
  duration scripted_until_{-1};  // faults at 0 are still to come
  std::mutex mutex_;
  std::map<std::string, live_channel> channels_;
};

// The first start of all: a minute back, so that the windows are full at once. Whole seconds, so
// that dates are round.
result<instant> keep_epoch(const std::string& folder, instant now) {
  const auto path = folder + "/epoch";
  std::string text;
  std::ifstream in{path};
  if (std::getline(in, text))
    if (const auto kept = parse_iso8601(text)) return *kept;
  const auto epoch =
      instant{std::chrono::floor<std::chrono::seconds>(now)} - std::chrono::seconds{70};
  std::ofstream out{path};
  out << format_iso8601(epoch) << '\n';
  out.flush();
  if (!out) return error{errc::internal, path, "cannot be written"};
  return epoch;
}

}  // namespace

result<std::shared_ptr<net::request_handler>> open_live_origin(origin_options options) {
  std::error_code ec;
  std::filesystem::create_directories(options.folder, ec);
  std::vector<std::shared_ptr<const ladder_media>> media;
  for (const auto& c : options.channels) {
    auto opened = ladder_media::open(c, options.folder);
    if (!opened) return opened.error();
    media.push_back(*opened);
  }
  const auto epoch = keep_epoch(options.folder, options.now());
  if (!epoch) return epoch.error();
  auto channels = std::move(options.channels);
  auto origin = std::make_shared<live_origin>(std::move(options), *epoch);
  for (std::size_t i = 0; i < channels.size(); ++i) origin->add(std::move(channels[i]), media[i]);
  return std::shared_ptr<net::request_handler>{std::move(origin)};
}

}  // namespace interlude::origin
