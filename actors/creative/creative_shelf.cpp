#include "actors/creative/creative_shelf.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "media/stitch/creative_json.hpp"

namespace interlude {

using namespace std::chrono_literals;

namespace {

namespace json = boost::json;

constexpr int record_version = 2;
constexpr auto use_kept_every = 10min;

}  // namespace

void creative_shelf::put(shelved_creative c) {
  const auto key = c.media->key;
  remove(key);
  bytes_ += c.bytes;
  kept_use_[key] = c.used;
  shelf_.emplace(key, std::move(c));
}

void creative_shelf::remove(const std::string& key) {
  const auto it = shelf_.find(key);
  if (it == shelf_.end()) return;
  bytes_ -= it->second.bytes;
  shelf_.erase(it);
  kept_use_.erase(key);
}

const shelved_creative* creative_shelf::entry(const std::string& key) const {
  const auto it = shelf_.find(key);
  return it == shelf_.end() ? nullptr : &it->second;
}

stitch::creative_ptr creative_shelf::find(const std::string& key) const {
  const auto* c = entry(key);
  return c == nullptr || c->withdrawn ? nullptr : c->media;
}

bool creative_shelf::use(const std::string& key, instant now) {
  const auto it = shelf_.find(key);
  if (it == shelf_.end()) return false;
  it->second.used = std::max(it->second.used, now);
  auto& kept = kept_use_[key];
  if (now - kept < use_kept_every) return false;
  kept = now;
  return true;
}

bool creative_shelf::withdraw(const std::string& key) {
  const auto it = shelf_.find(key);
  if (it == shelf_.end()) return false;
  return it->second.withdrawn = true;
}

bool creative_shelf::over(std::uint64_t bytes, std::size_t count) const noexcept {
  return (limits_.bytes > 0 && bytes > limits_.bytes) || count > limits_.creatives;
}

bool creative_shelf::full() const noexcept {
  return over(bytes_, shelf_.size());
}

std::vector<std::string> creative_shelf::overdue(instant now) const {
  std::vector<std::pair<instant, const std::string*>> idle;
  std::vector<std::string> out;
  auto left = bytes_;
  auto count = shelf_.size();
  const auto leave = [&](const std::string& key, std::uint64_t bytes) {
    out.push_back(key);
    left -= bytes;
    --count;
  };
  for (const auto& [key, c] : shelf_) {
    if (now - c.used < limits_.unused_for) continue;
    if (c.withdrawn)
      leave(key, c.bytes);
    else
      idle.emplace_back(c.used, &key);
  }
  std::sort(idle.begin(), idle.end(), [](const auto& a, const auto& b) {
    return std::tie(a.first, *a.second) < std::tie(b.first, *b.second);
  });
  for (const auto& [used, key] : idle) {
    if (!over(left, count)) break;
    leave(*key, shelf_.at(*key).bytes);
  }
  return out;
}

std::string record_of(const shelved_creative& c) {
  auto record = stitch::to_json(*c.media);
  record["version"] = record_version;
  record["bytes"] = c.bytes;
  if (c.loudness) record["loudness"] = *c.loudness;
  record["used"] = c.used.time_since_epoch().count();
  record["withdrawn"] = c.withdrawn;
  return json::serialize(record);
}

result<shelved_creative> read_shelved(std::string_view record) {
  try {
    const auto value = json::parse(record);
    const auto& o = value.as_object();
    if (o.at("version").to_number<int>() != record_version)
      return error{errc::unsupported, "catalogue", "a record of another version"};
    shelved_creative c;
    c.media = std::make_shared<const stitch::creative>(stitch::creative_from_json(o));
    c.bytes = o.at("bytes").to_number<std::uint64_t>();
    if (const auto* loudness = o.if_contains("loudness"))
      c.loudness = loudness->to_number<double>();
    c.used = instant{duration{o.at("used").to_number<std::int64_t>()}};
    c.withdrawn = o.at("withdrawn").as_bool();
    return c;
  } catch (const std::exception& e) {
    return error{errc::malformed, "catalogue", e.what()};
  }
}

}  // namespace interlude
