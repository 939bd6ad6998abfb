// What a channel makes ready before it has a break: the creatives that its ad servers name for a
// usual one, and the slate that these will leave room for.
#include <algorithm>
#include <caf/all.hpp>

#include "actors/channel.hpp"
#include "actors/decision/question.hpp"

namespace interlude {

namespace {

// Nobody's: an answer for it is given to no break, each of which asks for itself.
constexpr const char* warm_up_audience = "warm-up";

}  // namespace

// Once the ladder is known: before that there is nothing to condition creatives for.
void channel_state::foresee() {
  if (foreseen_ || foreseeing_) return;
  const auto number = timeline_->forgotten_breaks() + timeline_->breaks().size();
  auto question = make_question(settings(),
                                {settings().path(),
                                 warm_up_audience,
                                 {},
                                 settings().breaks.default_break,
                                 wall(now()),
                                 number},
                                warm_up_audience, {});
  question.budget = settings().early_decision_timeout;
  if (!settings().warm_up || question.servers.empty()) {
    foreseen_ = decision_made{nullptr, false,
                              ads::house_pod(question.house_ads, {{}, {}, wall(now()), number})};
    return prepare_tail();
  }
  foreseeing_ = true;
  ask(std::move(question), [this](const decision_made& made) {
    foreseen_ = made;
    want_ads(made);
    prepare_tail();
  });
}

bool channel_state::is_ready(const decision_made& made) {
  if (creatives_.ready(settings(), made.house_ads).ads.size() < made.house_ads.size()) return false;
  return !made.found ||
         std::all_of(made.found->candidates.begin(), made.found->candidates.end(),
                     [this](const ad_candidate& c) { return creatives_.made(c) != nullptr; });
}

// What a usual break will leave to the slate is known before one comes: made early, it is there
// when a guided player asks for it.
void channel_state::prepare_tail() {
  const auto& window = timeline_->window(timeline_->primary());
  if (!foreseen_ || !is_ready(*foreseen_) || !creatives_.slate() || !window) return;
  const auto length = settings().breaks.default_break;
  const auto fit = stitch::fit_pod(offer_of(*foreseen_, {length, {}, {}}).offer, length,
                                   timeline_->primary(), polls_.size(), window->target_duration);
  if (auto wanted = creatives_.tail_request(settings(), fit.left))
    want_tail(*std::move(wanted), caf::infinite, [](const auto&) {});
}

}  // namespace interlude
