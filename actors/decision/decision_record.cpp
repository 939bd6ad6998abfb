#include "actors/decision/decision_record.hpp"

#include <boost/json.hpp>

namespace interlude {

namespace {

namespace json = boost::json;

constexpr int record_version = 1;

instant instant_of(const json::value& v) {
  return instant{duration{v.to_number<std::int64_t>()}};
}

}  // namespace

std::string write_decision_record(const decision_record& r) {
  json::array answers;
  for (const auto& a : r.answers)
    answers.push_back({{"number", a.number}, {"status", a.status}, {"body", a.body}});
  return json::serialize(json::object{{"version", record_version},
                                      {"server", r.server},
                                      {"asked_at", r.asked_at.time_since_epoch().count()},
                                      {"fresh_until", r.fresh_until.time_since_epoch().count()},
                                      {"stale_until", r.stale_until.time_since_epoch().count()},
                                      {"answers", std::move(answers)}});
}

result<decision_record> read_decision_record(std::string_view text) {
  try {
    json::parse_options options;
    options.allow_invalid_utf8 = true;  // answers are kept as they came, in whatever encoding
    const auto value = json::parse(text, {}, options);
    const auto& o = value.as_object();
    if (o.at("version").to_number<int>() != record_version)
      return error{errc::unsupported, "decision", "it is of another version"};
    decision_record r;
    r.server = o.at("server").as_string();
    r.asked_at = instant_of(o.at("asked_at"));
    r.fresh_until = instant_of(o.at("fresh_until"));
    r.stale_until = instant_of(o.at("stale_until"));
    for (const auto& element : o.at("answers").as_array()) {
      const auto& a = element.as_object();
      r.answers.push_back({a.at("number").to_number<std::size_t>(),
                           a.at("status").to_number<unsigned>(),
                           std::string{a.at("body").as_string()}});
    }
    return r;
  } catch (const std::exception& e) {
    return error{errc::malformed, "decision", e.what()};
  }
}

recorded_answer record_of(std::size_t number, const result<fetch_response>& answer) {
  if (!answer) return {number, 0, {}};
  return {number, answer->status, answer->body};
}

inquiry_result replay(const decision_record& r, inquiry_settings server, ads::viewer who,
                      ads::asked_break what) {
  ad_inquiry inquiry{std::move(server), std::move(who), std::move(what)};
  inquiry.start(r.asked_at, 0);
  for (const auto& a : r.answers) {
    fetch_response response;
    response.status = a.status;
    response.body = a.body;
    inquiry.answered(a.number,
                     a.status == 0
                         ? result<fetch_response>{error{errc::timed_out, r.server, "then"}}
                         : result<fetch_response>{std::move(response)},
                     r.asked_at, [] { return 0u; });
  }
  inquiry.expire();
  return inquiry.take();
}

}  // namespace interlude
