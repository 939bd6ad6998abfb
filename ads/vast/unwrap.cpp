#include "ads/vast/unwrap.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <variant>

#include "ads/vast/merge.hpp"
#include "media/core/url_host.hpp"

namespace interlude::vast {

// The wrappers above an answer, the nearest first.
struct unwrapping::chain {
  chain_ptr above;
  ad wrapper;
  std::size_t length = 1;
  std::size_t weight = 0;  // bytes of what it and those above add to an ad
};

struct unwrapping::branch {
  struct node {
    std::optional<std::int64_t> sequence;
    bool may_substitute = true;
    // Nothing, if the ad came to nothing.
    std::variant<std::monostate, resolved_ad, std::unique_ptr<branch>> what;
  };
  std::vector<node> nodes;
};

namespace {

std::size_t bytes_of(const ad& a) {
  std::size_t sum = 0;
  const auto add = [&](const std::vector<std::string>& urls) {
    for (const auto& u : urls) sum += u.size() + sizeof u;
  };
  add(a.impressions);
  add(a.errors);
  for (const auto& e : a.extensions) sum += e.xml.size();
  for (const auto& v : a.verifications) sum += v.parameters.size() + sizeof v;
  for (const auto& c : a.creatives) {
    for (const auto& companion : c.companions)
      sum += companion.ad_parameters.size() + sizeof companion;
    if (!c.linear) continue;
    add(c.linear->click_tracking);
    for (const auto& e : c.linear->events) sum += e.url.size() + sizeof e;
    sum += c.linear->icons.size() * sizeof(icon);
  }
  return sum;
}

// Of an answer that may bring only one: the first that stands alone; many servers give a sequence
// number even to one.
void keep_one(std::vector<ad>& ads) {
  if (ads.size() < 2) return;
  auto one = std::find_if(ads.begin(), ads.end(), [](const ad& a) { return !a.sequence; });
  if (one == ads.end())
    one = std::min_element(ads.begin(), ads.end(), [](const ad& a, const ad& b) {
      return a.sequence.value_or(0) < b.sequence.value_or(0);
    });
  auto kept = std::move(*one);
  ads.clear();
  ads.push_back(std::move(kept));
}

}  // namespace

unwrapping::unwrapping(std::string url, vast_response answer, const unwrap_limits& limits)
    : limits_(limits), url_(std::move(url)), root_(std::make_unique<branch>()) {
  place(*root_, nullptr, std::move(answer));
}

unwrapping::~unwrapping() = default;
unwrapping::unwrapping(unwrapping&&) noexcept = default;
unwrapping& unwrapping::operator=(unwrapping&&) noexcept = default;

void unwrapping::note(const chain_ptr& above, error_notice notice) {
  if (notices_.size() == limits_.max_notices) return;
  auto& urls = notice.urls;
  if (urls.size() > limits_.max_notice_urls) urls.resize(limits_.max_notice_urls);
  for (auto c = above.get(); c != nullptr; c = c->above.get())
    for (const auto& url : c->wrapper.errors)
      if (urls.size() < limits_.max_notice_urls) urls.push_back(url);
  notices_.push_back(std::move(notice));
}

void unwrapping::place(branch& here, const chain_ptr& above, vast_response answer) {
  const bool had_ads = !answer.ads.empty() || !answer.malformed.empty();
  for (auto& m : answer.malformed)
    note(above, {error_code::schema, std::move(m.id), std::move(m.what), std::move(m.errors)});
  bool ignored = false;
  if (above) {
    const auto& rules = *above->wrapper.wraps;
    if (!rules.follow_additional)
      ignored = std::erase_if(answer.ads, [](const ad& a) { return a.wraps.has_value(); }) > 0;
    if (!rules.allow_multiple) keep_one(answer.ads);
  }
  if (answer.ads.empty() && ignored)
    note(above, {error_code::wrapper_limit, {}, "a further wrapper was not allowed", {}});
  else if (!had_ads)
    note(above, {error_code::no_ad_after_wrapper, {}, "there is no ad", std::move(answer.errors)});
  for (auto& a : answer.ads) place_ad(here, above, std::move(a));
}

void unwrapping::place_ad(branch& here, const chain_ptr& above, ad a) {
  auto& node = here.nodes.emplace_back();
  node.sequence = a.sequence;
  if (a.wraps) return follow(here, above, std::move(a));
  merged_bytes_ += bytes_of(a) + (above ? above->weight : 0);
  if (ads_ == limits_.max_ads || merged_bytes_ > limits_.max_merged_bytes)
    return note(above, {error_code::wrapper, a.id, "there are too many ads", a.errors});
  resolved_ad r{std::move(a), {}, {}};
  r.systems.push_back(r.content.system.text);
  const category* blocked = nullptr;
  for (auto c = above.get(); c != nullptr; c = c->above.get()) {
    if (blocked == nullptr) blocked = blocked_category(r.content, c->wrapper.wraps->blocked);
    add_wrapper(r.content, c->wrapper);
    r.wrapper_ids.insert(r.wrapper_ids.begin(), c->wrapper.id);
    r.systems.insert(r.systems.begin(), c->wrapper.system.text);
  }
  // The errors of all levels are in the ad by now.
  if (blocked != nullptr)
    note(nullptr, {error_code::category_blocked, r.content.id,
                   "its category " + blocked->code + " is blocked by a wrapper", r.content.errors});
  else {
    ++ads_;
    node.what = std::move(r);
  }
}

bool unwrapping::leads_back(const chain_ptr& above, const std::string& url) const {
  for (auto c = above.get(); c != nullptr; c = c->above.get())
    if (c->wrapper.wraps->tag_url == url) return true;
  return url == url_;
}

void unwrapping::follow(branch& here, const chain_ptr& above, ad a) {
  const auto url = a.wraps->tag_url;
  const auto length = above ? above->length + 1 : 1;
  const bool loops = leads_back(above, url);
  auto& node = here.nodes.back();
  node.may_substitute = a.wraps->fallback_on_no_ad.value_or(true);
  auto id = a.id;
  const auto weight = bytes_of(a) + (above ? above->weight : 0);
  const auto link = std::make_shared<const chain>(chain{above, std::move(a), length, weight});
  if (loops || length > limits_.max_wrappers)
    return note(link, {error_code::wrapper_limit,
                       std::move(id),
                       loops ? "a wrapper leads back to " + std::string{host_in(url)}
                             : "too many wrappers in a chain",
                       {}});
  if (next_ == limits_.max_requests)
    return note(link, {error_code::wrapper, std::move(id), "too many wrappers in an answer", {}});
  tag_request request{next_++, url, length, {}};
  for (auto c = link.get(); c != nullptr; c = c->above.get()) {
    const auto& blocked = c->wrapper.wraps->blocked;
    request.blocked.insert(request.blocked.end(), blocked.begin(), blocked.end());
  }
  auto below = std::make_unique<branch>();
  open_[request.number] = {below.get(), link};
  node.what = std::move(below);
  wanted_.push_back(std::move(request));
}

std::vector<tag_request> unwrapping::take_requests() {
  return std::exchange(wanted_, {});
}

void unwrapping::answered(std::size_t number, vast_response answer) {
  const auto it = open_.find(number);
  if (it == open_.end()) return;
  const auto asked = std::move(it->second);
  open_.erase(it);
  place(*asked.where, asked.above, std::move(answer));
}

void unwrapping::failed(std::size_t number, const vast_error& problem) {
  const auto it = open_.find(number);
  if (it == open_.end()) return;
  const auto above = std::move(it->second.above);
  open_.erase(it);
  note(above, {problem.code, above->wrapper.id, problem.what, {}});
}

void unwrapping::expire() {
  wanted_.clear();
  for (auto& [number, asked] : std::exchange(open_, {}))
    note(asked.above,
         {error_code::wrapper_timeout,
          asked.above->wrapper.id,
          std::string{host_in(asked.above->wrapper.wraps->tag_url)} + " did not answer in time",
          {}});
}

// Those of a pod stand in its order, and before those that stand alone.
void unwrapping::sort_pod(branch& b) {
  const auto place_of = [](const branch::node& n) {
    return n.sequence.value_or(std::numeric_limits<std::int64_t>::max());
  };
  std::stable_sort(b.nodes.begin(), b.nodes.end(),
                   [&](const auto& x, const auto& y) { return place_of(x) < place_of(y); });
}

// All ads below, in order.
void unwrapping::gather(branch& from, std::vector<resolved_ad>& out) {
  sort_pod(from);
  for (auto& n : from.nodes) {
    if (auto* ad = std::get_if<resolved_ad>(&n.what)) out.push_back(std::move(*ad));
    if (auto* below = std::get_if<std::unique_ptr<branch>>(&n.what)) gather(**below, out);
  }
}

// What takes a place in a pod: the pod below it, or the first that stands alone there; the others
// stand alone from here on.
void unwrapping::fill(pod_slot& slot, branch& below, std::vector<resolved_ad>& buffet) {
  sort_pod(below);
  for (auto& n : below.nodes) {
    std::vector<resolved_ad> found;
    if (auto* ad = std::get_if<resolved_ad>(&n.what)) found.push_back(std::move(*ad));
    if (auto* deeper = std::get_if<std::unique_ptr<branch>>(&n.what)) gather(**deeper, found);
    auto& to = n.sequence || slot.ads.empty() ? slot.ads : buffet;
    std::move(found.begin(), found.end(), std::back_inserter(to));
  }
}

unwrapped unwrapping::take() {
  unwrapped out;
  sort_pod(*root_);
  for (auto& n : root_->nodes) {
    if (!n.sequence) {
      if (auto* ad = std::get_if<resolved_ad>(&n.what)) out.buffet.push_back(std::move(*ad));
      if (auto* below = std::get_if<std::unique_ptr<branch>>(&n.what)) gather(**below, out.buffet);
      continue;
    }
    auto& slot = out.pod.emplace_back(pod_slot{*n.sequence, {}, n.may_substitute});
    if (auto* ad = std::get_if<resolved_ad>(&n.what)) slot.ads.push_back(std::move(*ad));
    if (auto* below = std::get_if<std::unique_ptr<branch>>(&n.what))
      fill(slot, **below, out.buffet);
  }
  out.notices = std::move(notices_);
  root_ = std::make_unique<branch>();
  return out;
}

}  // namespace interlude::vast
