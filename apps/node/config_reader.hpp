// Reads the members of one JSON object into a struct, and can instead write down what it would have
// read.
//
// One description of each setting serves both: visit(reader, config) names key, place, and meaning,
// and is run over a parsed object or over nothing at all to print the reference.
#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "media/core/time.hpp"

namespace interlude {

// Of letters, digits, _ and -, 64 at most: good for paths, file names and logs.
bool is_plain_name(std::string_view text);

struct setting {
  std::string path, type, initial, meaning;
};

// What reading came to, shared by the readers of nested objects.
struct config_report {
  std::string wrong_path, wrong;  // the first mistake; empty: none
  std::vector<setting> settings;  // in reference mode

  void fail(std::string path, std::string what) {
    if (!wrong.empty()) return;
    wrong_path = std::move(path);
    wrong = std::move(what);
  }
};

class config_reader {
 public:
  // Null `object`: reference mode.
  config_reader(const boost::json::object* object, std::string path, config_report& report)
      : object_(object), path_(std::move(path)), report_(report) {}

  void text(std::string_view key, std::string& place, std::string_view meaning,
            bool required = false);
  void number(std::string_view key, std::uint64_t& place, std::uint64_t low, std::uint64_t high,
              std::string_view meaning);
  // Decibels of some kind, fractions allowed.
  void level(std::string_view key, double& place, double low, double high,
             std::string_view meaning);
  void flag(std::string_view key, bool& place, std::string_view meaning);
  // Seconds, fractions allowed.
  void seconds(std::string_view key, std::chrono::milliseconds& place, double low, double high,
               std::string_view meaning);
  void seconds(std::string_view key, duration& place, double low, double high,
               std::string_view meaning);
  // One of a list of words.
  template <class T>
  void choice(std::string_view key, T& place,
              std::initializer_list<std::pair<std::string_view, T>> words,
              std::string_view meaning);
  void texts(std::string_view key, std::vector<std::string>& place, std::string_view meaning);

  // An object of strings, whatever its keys.
  void text_members(std::string_view key, std::vector<std::pair<std::string, std::string>>& place,
                    std::string_view meaning);

  template <class Visit>
  void object(std::string_view key, Visit&& visit);
  // An array of objects; `make` is called with a reader for each.
  template <class T, class Visit>
  void list(std::string_view key, std::vector<T>& place, Visit&& visit);
  template <class T, class Visit>
  void optional_object(std::string_view key, std::optional<T>& place, Visit&& visit);

  // Says which keys nobody asked for.
  void finish();
  void fail(std::string_view key, std::string what) { report_.fail(at(key), std::move(what)); }
  bool reference() const noexcept { return object_ == nullptr; }

 private:
  const boost::json::value* find(std::string_view key);
  std::string at(std::string_view key) const {
    return path_.empty() ? std::string{key} : path_ + "." + std::string{key};
  }
  void describe(std::string_view key, std::string type, std::string initial,
                std::string_view meaning) {
    report_.settings.push_back(
        {at(key), std::move(type), std::move(initial), std::string{meaning}});
  }
  std::optional<double> read_seconds(std::string_view key, double initial, double low, double high,
                                     std::string_view meaning);

  const boost::json::object* object_;
  std::string path_;
  config_report& report_;
  std::set<std::string, std::less<>> known_;
};

template <class T>
void config_reader::choice(std::string_view key, T& place,
                           std::initializer_list<std::pair<std::string_view, T>> words,
                           std::string_view meaning) {
  std::string all, initial;
  for (const auto& [word, value] : words) {
    all += (all.empty() ? "" : ", ") + std::string{word};
    if (value == place) initial = word;
  }
  const auto* v = find(key);
  if (reference()) return describe(key, "one of " + all, '"' + initial + '"', meaning);
  if (v == nullptr) return;
  if (v->is_string())
    for (const auto& [word, value] : words)
      if (v->get_string() == word) return void(place = value);
  fail(key, "one of " + all + " is expected");
}

template <class Visit>
void config_reader::object(std::string_view key, Visit&& visit) {
  const auto* v = find(key);
  if (v != nullptr && !v->is_object()) return fail(key, "an object is expected");
  if (v == nullptr && !reference()) return;
  config_reader inner{v == nullptr ? nullptr : &v->get_object(), at(key), report_};
  visit(inner);
  inner.finish();
}

template <class T, class Visit>
void config_reader::list(std::string_view key, std::vector<T>& place, Visit&& visit) {
  const auto* v = find(key);
  if (reference()) {
    T example{};
    config_reader inner{nullptr, at(key) + "[]", report_};
    return visit(inner, example);
  }
  if (v == nullptr) return;
  if (!v->is_array()) return fail(key, "an array is expected");
  place.clear();
  for (const auto& element : v->get_array()) {
    const auto path = at(key) + "[" + std::to_string(place.size()) + "]";
    if (!element.is_object()) return report_.fail(path, "an object is expected");
    config_reader inner{&element.get_object(), path, report_};
    visit(inner, place.emplace_back());
    inner.finish();
  }
}

template <class T, class Visit>
void config_reader::optional_object(std::string_view key, std::optional<T>& place, Visit&& visit) {
  object(key, [&](config_reader& inner) {
    T value{};
    visit(inner, value);
    if (!inner.reference()) place = std::move(value);
  });
}

}  // namespace interlude
