#include "actors/decision/ad_inquiry.hpp"

#include <algorithm>

#include "actors/creative/creative_identity.hpp"
#include "actors/decision/decision_json.hpp"
#include "ads/vast/parse.hpp"
#include "media/core/url_host.hpp"

namespace interlude {

namespace {

// Of what a VMAP wants to be told of its break.
constexpr std::size_t most_break_events = 32;
constexpr std::size_t longest_break_url = 8192;

using vast::error_code;
using vast::vast_error;
using vast::vast_result;

// Nothing of a URL that was filled for somebody but the host.
std::string problem_of(const error& e) {
  const std::string host{host_in(e.where)};
  return host.empty() ? e.what : host + ": " + e.what;
}

// What an HTTP answer holds, or why it holds nothing. An empty one is how many servers say "no ad".
vast_result<std::string_view> body_of(const result<fetch_response>& answer) {
  if (!answer) return vast_error{error_code::wrapper_timeout, problem_of(answer.error())};
  if (answer->status == 204) return std::string_view{};
  if (answer->status != 200)
    return vast_error{error_code::wrapper_timeout,
                      "the ad server answered HTTP " + std::to_string(answer->status)};
  return std::string_view{answer->body};
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

vast_result<vast::vast_response> vast_of(const result<fetch_response>& answer) {
  const auto body = body_of(answer);
  if (!body) return body.error();
  if (is_blank(*body)) return vast::vast_response{};
  return vast::parse_vast(*body);
}

}  // namespace

const char* event_of(inquiry_outcome outcome) noexcept {
  switch (outcome) {
    case inquiry_outcome::answered:
      return "VAST_RESPONSE";
    case inquiry_outcome::empty:
      return "EMPTY_VAST_RESPONSE";
    case inquiry_outcome::empty_vmap:
      return "EMPTY_VMAP_RESPONSE";
    case inquiry_outcome::timed_out:
    case inquiry_outcome::not_asked:
      return "ERROR_ADS_TIMEOUT";
    case inquiry_outcome::failed:
      return "ERROR_ADS_IO";
    case inquiry_outcome::unreadable:
      return "ERROR_ADS_RESPONSE_PARSE";
    case inquiry_outcome::invalid:
      return "ERROR_ADS_INVALID_RESPONSE";
  }
  return "ERROR_UNKNOWN";
}

ad_inquiry::ad_inquiry(inquiry_settings settings, ads::viewer who, ads::asked_break what)
    : settings_(std::move(settings)), who_(std::move(who)), what_(std::move(what)) {}

fetch_request ad_inquiry::fetch_of(ads::ad_request asked, bool from_stranger) const {
  fetch_request r;
  r.url = std::move(asked.url);
  r.method = std::move(asked.method);
  r.headers = std::move(asked.headers);
  r.body = std::move(asked.body);
  r.timeout = settings_.timeout;
  r.max_bytes = xml::limits{}.max_bytes;
  r.from_stranger = from_stranger;
  r.stranger_redirects = true;
  return r;
}

ad_inquiry::wanted ad_inquiry::start(instant now, std::uint32_t random) {
  ++requests_;
  auto asked = ads::make_ad_request(settings_.url, who_, what_, now, random, settings_.form);
  asked_url_ = asked.url;
  auto request = fetch_of(std::move(asked), false);
  if (settings_.format == ad_server_format::json) {
    request.method = "POST";
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = write_question(who_, what_);
  }
  return {first, std::move(request)};
}

std::vector<ad_inquiry::wanted> ad_inquiry::fail(inquiry_outcome outcome, std::string problem) {
  outcome_ = outcome;
  problem_ = std::move(problem);
  done_ = true;
  return {};
}

void ad_inquiry::unwrap(vast::vast_response response) {
  ads_.emplace(asked_url_, std::move(response));
}

std::vector<ad_inquiry::wanted> ad_inquiry::next(instant now,
                                                 const std::function<std::uint32_t()>& random) {
  std::vector<wanted> out;
  for (auto& r : ads_->take_requests()) {
    ++requests_;
    out.push_back(
        {first + 1 + r.number,
         fetch_of(ads::make_wrapper_request(r.url, r.blocked, who_, what_, now, random()), true)});
  }
  done_ = ads_->done();
  return out;
}

std::vector<ad_inquiry::wanted> ad_inquiry::take_pod(std::string_view body) {
  auto pod = read_answer(body);
  if (!pod)
    return fail(inquiry_outcome::invalid,
                "the answer is none of a decision service: " + pod.error().message());
  if (pod->empty()) return fail(inquiry_outcome::empty, "the pod is empty");
  pod_ = *std::move(pod);
  done_ = true;
  return {};
}

std::vector<ad_inquiry::wanted> ad_inquiry::take_vmap(
    const vmap::vmap_response& response, instant now,
    const std::function<std::uint32_t()>& random) {
  const auto* b = vmap::break_for_now(response);
  if (b == nullptr) return fail(inquiry_outcome::empty_vmap, "the VMAP has no linear break");
  keep_break_events(*b);
  const auto& source = b->source;
  if (const auto* tag = std::get_if<vmap::tag>(&source.ads)) {
    if (followed_tag_) return fail(inquiry_outcome::invalid, "a VMAP leads to another VMAP");
    followed_tag_ = true;
    ++requests_;
    asked_url_ = tag->url;
    return {{first,
             fetch_of(ads::make_wrapper_request(tag->url, {}, who_, what_, now, random()), true)}};
  }
  if (const auto* e = std::get_if<vast_error>(&source.ads))
    return fail(inquiry_outcome::invalid, "the break's ads: " + e->what);
  const auto* found = std::get_if<vast::vast_response>(&source.ads);
  if (found == nullptr)
    return fail(inquiry_outcome::invalid, "the break has no ads that can be read");
  auto ads = *found;
  if (!source.follow_redirects)
    std::erase_if(ads.ads, [](const vast::ad& a) { return a.wraps.has_value(); });
  if (!source.allow_multiple && ads.ads.size() > 1) ads.ads.resize(1);
  unwrap(std::move(ads));
  return next(now, random);
}

std::vector<ad_inquiry::wanted> ad_inquiry::take_first(
    const result<fetch_response>& answer, instant now,
    const std::function<std::uint32_t()>& random) {
  const auto body = body_of(answer);
  if (!body) {
    const bool late = !answer && answer.error().code == errc::timed_out;
    return fail(late ? inquiry_outcome::timed_out : inquiry_outcome::failed, body.error().what);
  }
  if (is_blank(*body)) return fail(inquiry_outcome::empty, "the answer is empty");
  if (settings_.format == ad_server_format::json) return take_pod(*body);
  const auto document = xml::document::parse(*body);
  if (!document) return fail(inquiry_outcome::unreadable, document.error().message());
  if (xml::is_named(document->root(), "VMAP")) {
    const auto response = vmap::read_vmap(document->root());
    return response ? take_vmap(*response, now, random)
                    : fail(inquiry_outcome::invalid, response.error().what);
  }
  auto response = vast::read_vast(document->root());
  if (!response) return fail(inquiry_outcome::invalid, response.error().what);
  unwrap(*std::move(response));
  return next(now, random);
}

std::vector<ad_inquiry::wanted> ad_inquiry::answered(std::size_t number,
                                                     const result<fetch_response>& answer,
                                                     instant now,
                                                     const std::function<std::uint32_t()>& random) {
  if (done_) return {};
  if (number == first) return ads_ ? std::vector<wanted>{} : take_first(answer, now, random);
  if (!ads_) return {};
  auto response = vast_of(answer);
  if (response)
    ads_->answered(number - first - 1, *std::move(response));
  else
    ads_->failed(number - first - 1, response.error());
  return next(now, random);
}

void ad_inquiry::expire() {
  if (done_) return;
  if (!ads_) {
    fail(inquiry_outcome::timed_out, "the ad server did not answer in time");
    return;
  }
  ads_->expire();
  done_ = true;
}

// An ad server has few to tell: what is beyond is left out, as each ad has them.
void ad_inquiry::keep_break_events(const vmap::ad_break& b) {
  std::vector<vast::tracking> of_ads =
      break_events_ ? *break_events_ : std::vector<vast::tracking>{};
  for (const auto& t : b.events) {
    if (of_ads.size() + break_errors_.size() >= most_break_events) break;
    if (t.url.size() > longest_break_url) continue;
    if (t.event == "breakStart" || t.event == "breakEnd") of_ads.push_back(t);
    if (t.event == "error") break_errors_.push_back(t.url);
  }
  if (!of_ads.empty())
    break_events_ = std::make_shared<const std::vector<vast::tracking>>(std::move(of_ads));
}

break_error ad_inquiry::failed_break() const {
  const auto code = [&] {
    switch (outcome_) {
      case inquiry_outcome::timed_out:
        return vmap::break_error_code::ad_response_timeout;
      case inquiry_outcome::failed:
        return vmap::break_error_code::ad_response_unavailable;
      case inquiry_outcome::unreadable:
      case inquiry_outcome::invalid:
        return vmap::break_error_code::ad_response_unreadable;
      case inquiry_outcome::answered:
      case inquiry_outcome::empty:
        return vmap::break_error_code::ad_response;
      case inquiry_outcome::empty_vmap:
      case inquiry_outcome::not_asked:
        break;
    }
    return vmap::break_error_code::undefined;
  };
  return {code(), break_errors_};
}

void ad_inquiry::offer(vast::resolved_ad ad, bool in_pod, inquiry_result& out) const {
  auto choice = vast::choose_media(ad.content, settings_.playable);
  if (!choice) {
    out.notices.push_back(
        {choice.error().code, ad.content.id, choice.error().what, ad.content.errors});
    return;
  }
  auto name = ad.content.id.empty() ? unnamed_ad(choice->file.url) : ad.content.id;
  std::vector<std::string> others;
  for (const auto& file : choice->others) others.push_back(ads::legal_url(file.url));
  ad.break_events = break_events_;
  out.candidates.push_back({std::move(name), std::move(choice->creative_key),
                            ads::legal_url(choice->file.url), std::move(others), in_pod,
                            std::make_shared<const vast::resolved_ad>(std::move(ad))});
}

inquiry_result ad_inquiry::take() {
  inquiry_result out;
  out.problem = problem_;
  out.requests = requests_;
  out.outcome = outcome_;
  out.candidates = std::move(pod_);
  if (!ads_) {
    if (!out.problem.empty()) out.break_failed = failed_break();
    return out;
  }
  auto all = ads_->take();
  out.notices = std::move(all.notices);
  auto alone = all.buffet.begin();
  for (auto& slot : all.pod) {
    const auto before = out.candidates.size();
    for (auto& ad : slot.ads) offer(std::move(ad), true, out);
    // VAST 4.3 section 3.3.1: where an ad of the pod fails, one that stands alone takes its place.
    while (out.candidates.size() == before && slot.may_substitute && alone != all.buffet.end())
      offer(std::move(*alone++), true, out);
  }
  for (; alone != all.buffet.end(); ++alone) offer(std::move(*alone), false, out);
  if (!out.candidates.empty()) return out;
  // The answer itself is told that it has none, too.
  if (std::all_of(out.notices.begin(), out.notices.end(), [](const vast::error_notice& n) {
        return n.ad_id.empty() && n.code == error_code::no_ad_after_wrapper;
      }))
    out.outcome = inquiry_outcome::empty;
  out.problem = "there is no ad that can be played";
  if (!out.notices.empty()) out.problem += ": " + out.notices.front().what;
  out.break_failed = failed_break();
  return out;
}

}  // namespace interlude
