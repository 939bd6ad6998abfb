#include <boost/json.hpp>

#include "actors/decision/decision_story.hpp"

namespace interlude {

namespace {

namespace json = boost::json;

json::object tier_json(const asked_tier& t) {
  json::object o{{"server", t.server},
                 {"outcome", event_of(t.outcome)},
                 {"requests", t.requests},
                 {"tookMs", t.took.count()},
                 {"candidates", t.candidates}};
  if (!t.problem.empty()) o["why"] = t.problem;
  return o;
}

json::object ad_json(const considered_ad& a) {
  json::object o{{"id", a.id}, {"tier", a.tier}};
  if (!a.creative.empty()) o["creative"] = a.creative;
  if (a.length > duration{0}) o["duration"] = to_seconds(a.length);
  o["verdict"] = a.skipped ? "skipped" : "chosen";
  if (a.place) o["place"] = *a.place;
  if (!a.skipped) return o;
  o["reason"] = to_string(a.skipped->reason);
  if (!a.skipped->why.empty()) o["why"] = a.skipped->why;
  if (a.vast_error) o["vastError"] = *a.vast_error;
  return o;
}

json::object item_json(const planned_item& i) {
  return {
      {"name", i.name}, {"kind", stitch::to_string(i.kind)}, {"duration", to_seconds(i.length)}};
}

template <class T, class F>
json::array list_of(const std::vector<T>& all, F&& one) {
  json::array out;
  for (const auto& e : all) out.push_back(one(e));
  return out;
}

}  // namespace

json::object story_json(const decision_story& story) {
  json::object o{{"audience", story.audience},
                 {"wanted", to_seconds(story.wanted)},
                 {"asked", format_iso8601(story.asked_at)},
                 {"tookMs", story.took.count()},
                 {"cached", story.cached}};
  if (story.answered_at) o["decided"] = format_iso8601(*story.answered_at);
  if (!story.problem.empty()) o["why"] = story.problem;
  o["tiers"] = list_of(story.tiers, tier_json);
  o["ads"] = list_of(story.ads, ad_json);
  if (story.ads_left_out > 0) o["adsLeftOut"] = story.ads_left_out;
  o["plan"] = list_of(story.items, item_json);
  o["filled"] = {{"ads", to_seconds(story.ads_length)},
                 {"slate", to_seconds(story.slate_length)},
                 {"bumpers", to_seconds(story.bumper_length)},
                 {"content", to_seconds(story.content_length())}};
  return o;
}

}  // namespace interlude
