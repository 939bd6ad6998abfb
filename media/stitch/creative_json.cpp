#include "media/stitch/creative_json.hpp"

#include <boost/json/array.hpp>

namespace interlude::stitch {

namespace json = boost::json;

json::object to_json(const creative& c) {
  json::array tracks;
  for (const auto& t : c.tracks) {
    json::array segments;
    for (const auto d : t.segments) segments.emplace_back(d.count());
    tracks.push_back({{"path", t.path},
                      {"extension", t.extension},
                      {"init", t.init},
                      {"peak", t.peak_bits_per_second},
                      {"segments", std::move(segments)}});
  }
  return {{"key", c.key},
          {"source", c.source},
          {"total", c.total.count()},
          {"tracks", std::move(tracks)}};
}

creative creative_from_json(const json::object& o) {
  creative c{std::string{o.at("key").as_string()},
             std::string{o.at("source").as_string()},
             duration{o.at("total").to_number<std::int64_t>()},
             {}};
  for (const auto& v : o.at("tracks").as_array()) {
    const auto& t = v.as_object();
    auto& track = c.tracks.emplace_back();
    track.path = t.at("path").as_string();
    track.extension = t.at("extension").as_string();
    track.init = t.at("init").as_string();
    track.peak_bits_per_second = t.at("peak").to_number<std::int64_t>();
    for (const auto& d : t.at("segments").as_array())
      track.segments.emplace_back(d.to_number<std::int64_t>());
  }
  return c;
}

}  // namespace interlude::stitch
