#include "net/decision_handler.hpp"

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
};

response bad_question(std::string_view detail) {
  return make_problem(http::status::bad_request, "bad-decision-request",
                      "The question cannot be answered", detail);
}

std::optional<response> refusal(const node_context& node, const request& req) {
  if (is_authorized(req, node.decision_token)) return std::nullopt;
  auto out = make_problem(http::status::unauthorized, "unauthorized", "A bearer token is required",
                          node.decision_token.empty() ? "decision_token is not configured"
                                                      : "the token is not the configured one");
  out.add_header("WWW-Authenticate", "Bearer");
  return out;
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
  return asked{channel, make_question(channel->settings, std::move(q->what), std::move(q->who))};
}

// The ads that fill the break, by what they say of their length.
decision_answer choose(const decision_wanted& q, const ads_found* found) {
  decision_answer out{q.what.id.empty() ? "pod" : q.what.id, "none", {}};
  if (found == nullptr) return out;
  std::vector<ads::pod_candidate> candidates;
  for (const auto& c : found->candidates)
    candidates.push_back(ads::pod_candidate_of(*c.ad, c.key, length_of(c), c.in_pod));
  for (const auto i : ads::choose_pod(candidates, q.what.length))
    out.items.push_back(found->candidates[i]);
  if (!out.items.empty()) out.tier = found->tier;
  return out;
}

response reply(std::string_view written, bool cached) {
  auto out = make_response(http::status::ok, "application/json", finish_answer(written, cached));
  out.add_header("Cache-Control", "no-store");
  return out;
}

// What was written of decisions that are asked for again and again. Per thread.
struct written_answers {
  struct entry {
    std::shared_ptr<const ads_found> found;  // as long as it stands here, nothing else stands there
    std::string break_id, text;
    duration length{0};
  };
  static constexpr std::size_t most = 4096;
  std::unordered_map<const ads_found*, entry> entries;

  const std::string& of(const decision_wanted& q, const std::shared_ptr<const ads_found>& found) {
    if (entries.size() >= most) entries.clear();
    auto& e = entries[found.get()];
    if (!e.found || e.length != q.what.length || e.break_id != q.what.id)
      e = {found, q.what.id, write_answer(choose(q, found.get())), q.what.length};
    return e.text;
  }
};

const std::string& written(const decision_wanted& q,
                           const std::shared_ptr<const ads_found>& found) {
  thread_local written_answers answers;
  return answers.of(q, found);
}

}  // namespace

bool decision_now(node_context& node, const request& req, response& out) {
  const auto a = read(node, req, out);
  if (!a) return true;
  const auto kept = node.gateway.decisions().find(decision_key(a->question), node.now());
  if (!kept || !kept->fresh(node.now())) return false;
  node.gateway.decisions().counters.fresh.fetch_add(1, std::memory_order_relaxed);
  return out = reply(written(a->question, kept->found), true), true;
}

awaitable<response> decision_when_ready(node_context& node, const request& req) {
  response out;
  auto a = read(node, req, out);
  if (!a) co_return out;
  const auto made = co_await await_result<decision_made>(
      [&](const auto& done) { node.gateway.want_decision(a->question, done); });
  if (!made) co_return bad_question(made.error().message());
  if (!made->found) co_return reply(write_answer(choose(a->question, nullptr)), false);
  co_return reply(written(a->question, made->found), made->cached);
}

}  // namespace interlude::net
