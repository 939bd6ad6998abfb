#include "actors/beacon/beacon_record.hpp"

#include <boost/json.hpp>

#include "media/core/lowered.hpp"
#include "media/core/stable_hash.hpp"
#include "media/core/url_host.hpp"

namespace interlude {

namespace {

namespace json = boost::json;

error no_record() {
  return {errc::malformed, "", "this is no record of a tracking request"};
}

std::int64_t microseconds_of(instant t) {
  return t.time_since_epoch().count();
}

void read_text(const json::object& from, std::string_view name, std::string& to) {
  if (const auto* v = from.if_contains(name); v != nullptr && v->is_string()) to = v->get_string();
}

}  // namespace

std::string write_beacon(const beacon_record& record) {
  const auto& b = record.what;
  json::array headers;
  for (const auto& [name, value] : b.headers) headers.push_back(json::array{name, value});
  json::object out{{"url", b.url}, {"headers", std::move(headers)}, {"channel", b.channel}};
  for (const auto& [name, value] : {std::pair{"event", &b.event},
                                    {"ad", &b.ad},
                                    {"break", &b.break_id},
                                    {"session", &b.session},
                                    {"problem", &record.problem}})
    if (!value->empty()) out[name] = *value;
  out["accepted"] = microseconds_of(record.accepted);
  if (record.attempts > 0) out["attempts"] = record.attempts;
  return json::serialize(out);
}

result<beacon_record> read_beacon(std::string_view text) {
  boost::system::error_code ec;
  const auto value = json::parse(text, ec);
  const auto* object = ec ? nullptr : value.if_object();
  if (object == nullptr) return no_record();
  beacon_record out;
  auto& b = out.what;
  for (const auto& [name, place] : {std::pair{"url", &b.url},
                                    {"channel", &b.channel},
                                    {"event", &b.event},
                                    {"ad", &b.ad},
                                    {"break", &b.break_id},
                                    {"session", &b.session},
                                    {"problem", &out.problem}})
    read_text(*object, name, *place);
  const auto* accepted = object->if_contains("accepted");
  const auto* headers = object->if_contains("headers");
  if (b.url.empty() || accepted == nullptr || !accepted->is_int64() || headers == nullptr ||
      !headers->is_array())
    return no_record();
  out.accepted = instant{duration{accepted->get_int64()}};
  if (const auto* n = object->if_contains("attempts"); n != nullptr && n->is_number())
    out.attempts = n->to_number<std::uint64_t>(ec);
  for (const auto& h : headers->get_array()) {
    const auto* pair = h.if_array();
    if (pair == nullptr || pair->size() != 2 || !(*pair)[0].is_string() || !(*pair)[1].is_string())
      return no_record();
    b.headers.emplace_back((*pair)[0].get_string(), (*pair)[1].get_string());
  }
  return out;
}

std::uint64_t queue_of(std::string_view url) {
  const auto rest = url.substr(0, url.find("//"));
  return stable_hash(lowered(std::string{rest} + "//" + std::string{host_in(url)}));
}

}  // namespace interlude
