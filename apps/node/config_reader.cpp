#include "apps/node/config_reader.hpp"

#include <algorithm>
#include <cmath>

namespace interlude {

bool is_plain_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

const boost::json::value* config_reader::find(std::string_view key) {
  known_.emplace(key);
  return object_ == nullptr ? nullptr : object_->if_contains(key);
}

void config_reader::text(std::string_view key, std::string& place, std::string_view meaning,
                         bool required) {
  const auto* v = find(key);
  if (reference())
    return describe(key, "string", required ? "required" : '"' + place + '"', meaning);
  if (v == nullptr) return required ? fail(key, "is missing") : void();
  if (!v->is_string()) return fail(key, "a string is expected");
  place = v->get_string();
  if (required && place.empty()) fail(key, "must not be empty");
}

void config_reader::number(std::string_view key, std::uint64_t& place, std::uint64_t low,
                           std::uint64_t high, std::string_view meaning) {
  const auto* v = find(key);
  const auto range = std::to_string(low) + " to " + std::to_string(high);
  if (reference()) return describe(key, "integer, " + range, std::to_string(place), meaning);
  if (v == nullptr) return;
  boost::system::error_code ec;
  const auto value = v->to_number<std::uint64_t>(ec);
  if (ec || value < low || value > high)
    return fail(key, "an integer from " + range + " is expected");
  place = value;
}

void config_reader::level(std::string_view key, double& place, double low, double high,
                          std::string_view meaning) {
  const auto text = [](double value) {
    return (value < 0 ? "-" : "") + format_seconds(from_seconds(std::abs(value)));
  };
  const auto range = text(low) + " to " + text(high);
  const auto* v = find(key);
  if (reference()) return describe(key, "number, " + range, text(place), meaning);
  if (v == nullptr) return;
  boost::system::error_code ec;
  const auto value = v->is_number() ? v->to_number<double>(ec) : high + 1;
  if (ec || value < low || value > high)
    return fail(key, "a number from " + range + " is expected");
  place = value;
}

void config_reader::flag(std::string_view key, bool& place, std::string_view meaning) {
  const auto* v = find(key);
  if (reference()) return describe(key, "boolean", place ? "true" : "false", meaning);
  if (v == nullptr) return;
  if (!v->is_bool()) return fail(key, "true or false is expected");
  place = v->get_bool();
}

std::optional<double> config_reader::read_seconds(std::string_view key, double initial, double low,
                                                  double high, std::string_view meaning) {
  const auto range =
      format_seconds(from_seconds(low)) + " to " + format_seconds(from_seconds(high));
  const auto* v = find(key);
  if (reference()) {
    describe(key, "seconds, " + range, format_seconds(from_seconds(initial)), meaning);
    return std::nullopt;
  }
  if (v == nullptr) return std::nullopt;
  boost::system::error_code ec;
  const auto value = v->is_number() ? v->to_number<double>(ec) : -1;
  if (ec || value < low || value > high) {
    fail(key, "a number of seconds from " + range + " is expected");
    return std::nullopt;
  }
  return value;
}

void config_reader::seconds(std::string_view key, std::chrono::milliseconds& place, double low,
                            double high, std::string_view meaning) {
  if (const auto s = read_seconds(key, to_seconds(place), low, high, meaning))
    place = std::chrono::milliseconds{static_cast<std::int64_t>(*s * 1000 + 0.5)};
}

void config_reader::seconds(std::string_view key, duration& place, double low, double high,
                            std::string_view meaning) {
  if (const auto s = read_seconds(key, to_seconds(place), low, high, meaning))
    place = from_seconds(*s);
}

void config_reader::texts(std::string_view key, std::vector<std::string>& place,
                          std::string_view meaning) {
  const auto* v = find(key);
  if (reference())
    return describe(key, "array of strings", boost::json::serialize(boost::json::value_from(place)),
                    meaning);
  if (v == nullptr) return;
  if (!v->is_array()) return fail(key, "an array of strings is expected");
  place.clear();
  for (const auto& element : v->get_array()) {
    if (!element.is_string()) return fail(key, "an array of strings is expected");
    place.emplace_back(element.get_string());
  }
}

void config_reader::text_members(std::string_view key,
                                 std::vector<std::pair<std::string, std::string>>& place,
                                 std::string_view meaning) {
  const auto* v = find(key);
  if (reference()) return describe(key, "object of strings", "{}", meaning);
  if (v == nullptr) return;
  if (!v->is_object()) return fail(key, "an object of strings is expected");
  place.clear();
  for (const auto& [name, text] : v->get_object()) {
    if (!text.is_string()) return fail(key, "an object of strings is expected");
    place.emplace_back(name, text.get_string());
  }
}

void config_reader::finish() {
  if (reference()) return;
  for (const auto& [key, value] : *object_) {
    if (known_.contains(key)) continue;
    std::string all;
    for (const auto& name : known_) all += (all.empty() ? "" : ", ") + name;
    return fail(key, "unknown key; known are: " + all);
  }
}

}  // namespace interlude
