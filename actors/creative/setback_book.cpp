#include "actors/creative/setback_book.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <tuple>
#include <utility>

namespace interlude {

using namespace std::chrono_literals;

namespace json = boost::json;

const setback* setback_book::holds(const std::string& key, instant now) const {
  const auto it = book_.find(key);
  return it == book_.end() || now >= it->second.until ? nullptr : &it->second;
}

void setback_book::make_room(std::vector<std::string>& forgotten) {
  const auto oldest =
      std::min_element(book_.begin(), book_.end(), [](const auto& a, const auto& b) {
        return std::tie(a.second.quarantined, a.second.at) <
               std::tie(b.second.quarantined, b.second.at);
      });
  if (oldest == book_.end()) return;
  forgotten.push_back(oldest->first);
  book_.erase(oldest);
}

const setback& setback_book::fail(const std::string& key, std::string source, const error& e,
                                  instant now, std::vector<std::string>& forgotten) {
  if (book_.size() >= capacity_ && !book_.contains(key)) make_room(forgotten);
  auto& s = book_[key];
  const auto pause =
      std::min<std::chrono::seconds>(30s * (1 << std::min<std::uint32_t>(s.failures, 5)), 600s);
  ++s.failures;
  s.source = std::move(source);
  s.why = e.message();
  s.at = now;
  // One bad answer may be an accident; the same twice is not.
  const bool broken = e.code == errc::malformed && s.failures >= 2;
  s.quarantined = broken || s.failures >= policy_.quarantine_after;
  s.until = now + (s.quarantined ? std::max(policy_.quarantine, pause) : pause);
  return s;
}

std::string record_of(const setback& s) {
  return json::serialize(json::object{{"source", s.source},
                                      {"why", s.why},
                                      {"at", s.at.time_since_epoch().count()},
                                      {"until", s.until.time_since_epoch().count()},
                                      {"failures", s.failures}});
}

std::optional<setback> read_setback(std::string_view record) {
  try {
    const auto value = json::parse(record);
    const auto& o = value.as_object();
    const auto time = [&](const char* name) { return instant{duration{o.at(name).as_int64()}}; };
    return setback{std::string{o.at("source").as_string()},
                   std::string{o.at("why").as_string()},
                   time("at"),
                   time("until"),
                   o.at("failures").to_number<std::uint32_t>(),
                   true};
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace interlude
