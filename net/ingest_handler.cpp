#include "net/ingest_handler.hpp"

#include <atomic>
#include <boost/json.hpp>

#include "media/scte35/decode.hpp"
#include "media/ts/splice_scanner.hpp"
#include "net/await.hpp"
#include "net/control_handlers.hpp"

namespace interlude::net {

namespace {

namespace json = boost::json;

// More signals on their way to the channel than it has answered for are dropped: nobody means them.
constexpr std::uint64_t max_under_way = 1024;

response bad_ingest(std::string_view detail) {
  return make_problem(http::status::bad_request, "bad-ingest", "This is no transport stream",
                      detail);
}

response unavailable(std::string_view detail) {
  auto out = make_problem(http::status::service_unavailable, "origin-unavailable",
                          "The channel is not running yet", detail);
  out.add_header("Retry-After", "2");
  return out;
}

// What may not be taken.
class refused_body : public body_sink {
 public:
  explicit refused_body(response why) : why_(std::move(why)) {}
  bool wants_more() const override { return false; }
  void take(std::string_view) override {}
  awaitable<response> finish() override { co_return std::move(why_); }

 private:
  response why_;
};

// One of a channel's places for ingests, held as long as the stream lasts.
class ingest_place {
 public:
  explicit ingest_place(channel_view& c) : channel_(c) {}
  ~ingest_place() { channel_.ingests.fetch_sub(1); }
  ingest_place(const ingest_place&) = delete;
  ingest_place& operator=(const ingest_place&) = delete;

  static std::unique_ptr<ingest_place> take(channel_view& c) {
    if (c.ingests.fetch_add(1) < max_ingests) return std::make_unique<ingest_place>(c);
    c.ingests.fetch_sub(1);
    return nullptr;
  }

 private:
  channel_view& channel_;
};

// What the channel has made of the signals; its answers may come when the stream has gone.
struct tally {
  std::atomic<std::uint64_t> taken{0}, waiting{0}, lost{0}, under_way{0};
};

class ingest_body : public body_sink {
 public:
  ingest_body(node_context& node, channel_view& channel, std::unique_ptr<ingest_place> place)
      : node_(node), channel_(channel), place_(std::move(place)) {
    tell({}, [](const auto&) {});  // time is told now, so that it is known when a message comes
  }

  bool wants_more() const override { return scanner_.is_stream(); }

  void take(std::string_view piece) override {
    std::vector<scte35::signal> signals;
    const auto sections =
        scanner_.feed({reinterpret_cast<const std::uint8_t*>(piece.data()), piece.size()});
    for (const auto& section : sections) {
      ++sections_;
      const auto message = scte35::decode(section);
      if (!message) {
        ++unreadable_;
        continue;
      }
      for (auto& s : scte35::signals_of(*message, channel_.settings.breaks.signals))
        signals.push_back(std::move(s));
    }
    if (signals.empty()) return;
    if (told_->under_way.load() + signals.size() > max_under_way) {
      unreadable_ += signals.size();
      return;
    }
    tell(std::move(signals), [](const auto&) {});
  }

  awaitable<response> finish() override {
    if (!scanner_.is_stream()) co_return bad_ingest("64 KiB have come without a packet");
    if (scanner_.packets() == 0)
      co_return bad_ingest("the body has no packet of 188 bytes that begins with 0x47");
    // Questions are answered in order: behind this one, all are.
    const auto last =
        co_await await_result<ingest_outcome>([&](auto done) { tell({}, std::move(done)); });
    if (!last) co_return unavailable(last.error().message());
    json::object counts;
    counts["packets"] = scanner_.packets();
    counts["sections"] = sections_;
    counts["cues"] = told_->taken.load();
    counts["waiting"] = told_->waiting.load();
    counts["unreadable"] = unreadable_ + told_->lost.load();
    auto out = make_response(http::status::ok, "application/json", json::serialize(counts));
    out.add_header("Cache-Control", "no-store");
    allow_cross_origin(out);
    co_return out;
  }

 private:
  void tell(std::vector<scte35::signal> signals, std::function<void(result<ingest_outcome>)> done) {
    const auto count = signals.size();
    told_->under_way += count;
    node_.gateway.send_signals(
        channel_, std::move(signals),
        [told = told_, count, done = std::move(done)](const result<ingest_outcome>& outcome) {
          told->under_way -= count;
          if (outcome) {
            told->taken += outcome->taken;
            told->waiting += outcome->waiting;
            told->lost += outcome->lost;
          } else {
            told->lost += count;
          }
          done(outcome);
        });
  }

  node_context& node_;
  channel_view& channel_;
  std::unique_ptr<ingest_place> place_;
  ts::splice_scanner scanner_;
  std::shared_ptr<tally> told_ = std::make_shared<tally>();
  std::uint64_t sections_ = 0, unreadable_ = 0;
};

}  // namespace

std::unique_ptr<body_sink> open_ingest(node_context& node, const route& r, const request& req) {
  response refusal;
  auto* channel = operated_channel(node, r, req, refusal);
  if (channel == nullptr) return std::make_unique<refused_body>(std::move(refusal));
  const auto published = channel->load();
  if (!published || !published->description)
    return std::make_unique<refused_body>(unavailable("nothing has been read from the origin yet"));
  if (auto place = ingest_place::take(*channel))
    return std::make_unique<ingest_body>(node, *channel, std::move(place));
  refusal = make_problem(http::status::too_many_requests, "too-many-ingests",
                         "The channel takes no more streams",
                         "there are " + std::to_string(max_ingests) + " already");
  refusal.add_header("Retry-After", "1");
  return std::make_unique<refused_body>(std::move(refusal));
}

response empty_ingest(const node_context& node, const route& r, const request& req) {
  response refusal;
  if (operated_channel(node, r, req, refusal) == nullptr) return refusal;
  return bad_ingest("the request has no body");
}

}  // namespace interlude::net
