#include "actors/creative/source_table.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "media/hls/multivariant_playlist.hpp"

namespace interlude {

namespace json = boost::json;

const known_source* source_table::find(const std::string& key) const {
  const auto it = table_.find(key);
  return it == table_.end() ? nullptr : &it->second;
}

std::optional<std::string> source_table::put(const std::string& key, known_source s) {
  std::optional<std::string> forgotten;
  if (table_.size() >= capacity_ && !table_.contains(key)) {
    const auto oldest = std::min_element(
        table_.begin(), table_.end(),
        [](const auto& a, const auto& b) { return a.second.fresh_until < b.second.fresh_until; });
    if (oldest != table_.end()) {
      forgotten = oldest->first;
      table_.erase(oldest);
    }
  }
  table_[key] = std::move(s);
  return forgotten;
}

std::vector<std::pair<std::string, std::string>> conditions_of(const known_source& s,
                                                               std::string_view url) {
  std::vector<std::pair<std::string, std::string>> out;
  const bool same = s.url == url;
  // Shorter tags may count versions, and be the same for another query's media.
  const bool strong = s.etag.size() >= 10 && s.etag.starts_with('"');
  const bool near = hls::without_query(s.url) == hls::without_query(url);
  if (!s.etag.empty() && (same || (strong && near))) out.emplace_back("If-None-Match", s.etag);
  if (!s.last_modified.empty() && same) out.emplace_back("If-Modified-Since", s.last_modified);
  return out;
}

std::string record_of(const known_source& s) {
  return json::serialize(json::object{{"content", s.content},
                                      {"url", s.url},
                                      {"etag", s.etag},
                                      {"last_modified", s.last_modified},
                                      {"fresh_until", s.fresh_until.time_since_epoch().count()}});
}

std::optional<known_source> read_source(std::string_view record) {
  try {
    const auto value = json::parse(record);
    const auto& o = value.as_object();
    const auto text = [&](const char* name) { return std::string{o.at(name).as_string()}; };
    return known_source{text("content"), text("url"), text("etag"), text("last_modified"),
                        instant{duration{o.at("fresh_until").as_int64()}}};
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace interlude
