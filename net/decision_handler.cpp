#include "net/decision_handler.hpp"

#include <algorithm>
#include <span>
#include <unordered_map>

#include "actors/decision/decision_json.hpp"
#include "actors/decision/question.hpp"
#include "ads/pod/vast_candidate.hpp"
#include "net/await.hpp"
#include "net/control_handlers.hpp"

namespace interlude::net {

namespace {

// What a question comes to on this node.
struct asked {
  channel_view* channel = nullptr;
  decision_wanted question;
  std::string viewer;  // whose exposures count
};

response bad_question(std::string_view detail) {
  return make_problem(http::status::bad_request, "bad-decision-request",
                      "The question cannot be answered", detail);
}

std::optional<response> refusal(const node_context& node, const request& req) {
  if (is_authorized(req, node.decision_token)) return std::nullopt;
  return token_wanted("unauthorized", "A bearer token is required",
                      node.decision_token.empty() ? "decision_token is not configured"
                                                  : "the token is not the configured one");
}

channel_view* channel_of(const node_context& node, std::string_view path) {
  const auto slash = path.find('/');
  if (slash == std::string_view::npos) return nullptr;
  return node.gateway.find(path.substr(0, slash), path.substr(slash + 1));
}

// nullopt: `out` says why.
std::optional<asked> read(node_context& node, const request& req, response& out) {
  if (auto refused = refusal(node, req)) return out = *std::move(refused), std::nullopt;
  auto q = read_question(req.body, node.now());
  if (!q) return out = bad_question(q.error().message()), std::nullopt;
  auto* channel = channel_of(node, q->what.channel);
  if (channel == nullptr)
    return out = make_problem(http::status::not_found, "unknown-channel", "No such channel",
                              q->what.channel),
           std::nullopt;
  auto viewer = ads::viewer_key(q->who);
  return asked{channel, make_question(channel->settings, std::move(q->what), q->who),
               std::move(viewer)};
}

// What there is to choose from, in the order of the waterfall.
struct offer {
  std::vector<ad_candidate> ads;
  std::vector<ads::pod_candidate> candidates;

  void add(const ad_candidate& c) {
    candidates.push_back(ads::pod_candidate_of(*c.ad, c.key, length_of(c), c.in_pod));
    ads.push_back(c);
  }
};

offer offer_of(const ads_found* found) {
  offer out;
  if (found != nullptr)
    for (const auto& c : found->candidates) out.add(c);
  return out;
}

// A house ad as an item: where its media is, unless that is a file of this machine.
ad_candidate house_item(const house_ad& ad, duration length) {
  auto made = std::make_shared<vast::resolved_ad>();
  made->content.id = ad.name;
  made->content.creatives.emplace_back().linear.emplace().runs = length;
  const bool remote = ad.source.find("://") != std::string::npos;
  ad_candidate out;
  out.name = ad.name;
  out.key = "house:" + ad.name;
  if (remote) out.source = ad.source;
  out.ad = std::move(made);
  return out;
}

// In what is left, the channel's own ads, as far as it is known how long they are.
void add_house_ads(decision_answer& a, const asked& what, const std::vector<std::string>& names) {
  const auto lengths = what.channel->house();
  if (!lengths) return;
  auto left = what.question.what.length;
  for (const auto& item : a.items) left -= length_of(item);
  for (const auto& name : names) {
    const auto length = lengths->find(name);
    const auto& own = what.channel->settings.house_ads;
    const auto ad =
        std::find_if(own.begin(), own.end(), [&](const house_ad& h) { return h.name == name; });
    if (length == lengths->end() || ad == own.end() || length->second > left) continue;
    a.items.push_back(house_item(*ad, length->second));
    left -= length->second;
    if (a.tier == "none") a.tier = "house";
  }
}

std::string write(const asked& what, const offer& all, std::span<const std::size_t> places,
                  const std::string& tier, const std::vector<std::string>& house) {
  const auto& id = what.question.what.id;
  decision_answer out{id.empty() ? "pod" : id, places.empty() ? "none" : tier, {}};
  for (const auto i : places) out.items.push_back(all.ads[i]);
  add_house_ads(out, what, house);
  return write_answer(out);
}

response reply(std::string_view written, bool cached) {
  auto out = make_response(http::status::ok, "application/json", finish_answer(written, cached));
  out.add_header("Cache-Control", "no-store");
  return out;
}

// What was written of decisions that are asked for again and again. Per thread.
class written_answers {
 public:
  const std::string& of(const asked& what, const std::shared_ptr<const ads_found>& found,
                        const std::vector<std::string>& house) {
    constexpr std::size_t most = 4096;
    if (entries_.size() >= most) entries_.clear();
    auto& e = entries_[found.get()];
    const auto& q = what.question.what;
    const auto lengths = what.channel->house();
    if (e.found == found && e.length == q.length && e.break_id == q.id && e.house == house &&
        e.lengths == lengths)
      return e.text;
    const auto all = offer_of(found.get());
    const auto places = ads::choose_pod(all.candidates, q.length, what.channel->settings.pods);
    e = {found, q.id, write(what, all, places, found->tier, house), q.length, house, lengths};
    return e.text;
  }

 private:
  struct entry {
    std::shared_ptr<const ads_found> found;  // as long as it stands here, nothing else stands there
    std::string break_id, text;
    duration length{0};
    std::vector<std::string> house;
    channel_view::house_lengths lengths;
  };
  std::unordered_map<const ads_found*, entry> entries_;
};

const std::string& written(const asked& what, const std::shared_ptr<const ads_found>& found,
                           const std::vector<std::string>& house) {
  thread_local written_answers answers;
  return answers.of(what, found, house);
}

// What this viewer has seen matters: nothing that others are told will do.
bool is_counted(const node_context& node, const asked& what) {
  return node.gateway.exposures() != nullptr && !what.viewer.empty() &&
         !what.channel->settings.pods.frequency.limits_nothing();
}

// Answered when it is on disk what the viewer is to see: a cap is a promise.
awaitable<response> counted(node_context& node, const asked& what, decision_made made) {
  const auto all = offer_of(made.found.get());
  auto choice =
      node.gateway.exposures()->choose(what.viewer, all.candidates, what.question.what.length,
                                       what.channel->settings.pods, what.question.what.start);
  if (choice.write)
    co_await await_result<bool>([&](const auto& done) {
      node.gateway.keep(*std::move(choice.write), [done](bool kept) { done(kept); });
    });
  co_return reply(write(what, all, choice.places, made.found ? made.found->tier : std::string{},
                        made.house_ads),
                  made.cached);
}

}  // namespace

bool decision_now(node_context& node, const request& req, response& out) {
  const auto what = read(node, req, out);
  if (!what) return true;
  if (is_counted(node, *what)) return false;
  auto& cache = node.gateway.decisions();
  const auto kept = cache.find(decision_key(what->question), node.now());
  if (!kept || !kept->fresh(node.now())) return false;
  cache.counters.fresh.fetch_add(1, std::memory_order_relaxed);
  out = reply(written(*what, kept->found, house_order(what->question)), true);
  return true;
}

awaitable<response> decision_when_ready(node_context& node, const request& req) {
  response out;
  const auto what = read(node, req, out);
  if (!what) co_return out;
  auto made = co_await await_result<decision_made>(
      [&](const auto& done) { node.gateway.want_decision(what->question, done); });
  if (!made) co_return bad_question(made.error().message());
  if (is_counted(node, *what)) co_return co_await counted(node, *what, *std::move(made));
  if (!made->found) co_return reply(write(*what, {}, {}, {}, made->house_ads), false);
  co_return reply(written(*what, made->found, made->house_ads), made->cached);
}

}  // namespace interlude::net
