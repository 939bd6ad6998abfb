#include "actors/decision/question.hpp"

#include <utility>

namespace interlude {

decision_wanted make_question(const channel_settings& channel, ads::asked_break what,
                              const ads::viewer& who) {
  return make_question(channel, std::move(what), ads::cohort_of(who, channel.audiences),
                       ads::common_to_cohort(who, channel.audiences));
}

decision_wanted make_question(const channel_settings& channel, ads::asked_break what,
                              std::string cohort, ads::viewer who) {
  decision_wanted q;
  q.what = std::move(what);
  q.audience = std::move(cohort);
  q.who = std::move(who);
  for (const auto& server : channel.ad_servers)
    q.servers.push_back({server.url, server.timeout, {}, server.form, server.format});
  q.house_ads = channel.house_rules();
  q.budget = channel.decision_timeout;
  q.keeping = channel.decisions;
  return q;
}

std::vector<std::string> house_order(const decision_wanted& question) {
  const auto tags = question.who.parameters.find("tags");
  ads::house_request wanted{{}, question.who.country, question.what.start, question.what.number};
  if (tags != question.who.parameters.end()) wanted.tags = ads::split_tags(tags->second);
  return ads::house_pod(question.house_ads, wanted);
}

}  // namespace interlude
