// What reading and writing the JSON of the decision service have in common.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "media/core/result.hpp"

namespace interlude {

constexpr std::size_t max_text = 1024;
constexpr std::size_t max_parameters = 32;
constexpr double max_seconds = 7200;

inline error wrong(std::string where, std::string what) {
  return {errc::malformed, std::move(where), std::move(what)};
}

// The members of one object, by name; the first that is wrong is said.
class members {
 public:
  members(const boost::json::object& object, std::string path, std::optional<error>& problem)
      : object_(object), path_(std::move(path)), problem_(problem) {}

  void text(const char* name, std::string& place) {
    const auto* v = object_.if_contains(name);
    if (v == nullptr || v->is_null()) return;
    if (v->is_string() && v->get_string().size() <= max_text)
      place = v->get_string();
    else if (v->is_int64() || v->is_uint64())
      place = boost::json::serialize(*v);
    else
      fail(name, "a text of at most 1024 characters is expected");
  }
  template <class F>
  void object(const char* name, F&& read) {
    const auto* v = object_.if_contains(name);
    if (v == nullptr || v->is_null()) return;
    if (!v->is_object()) return fail(name, "an object is expected");
    read(v->get_object(), path_ + name + '.');
  }
  // 0, 1, true or false.
  std::optional<bool> flag(const char* name) {
    const auto* v = object_.if_contains(name);
    if (v == nullptr || v->is_null()) return std::nullopt;
    if (v->is_bool()) return v->get_bool();
    if (v->is_int64() && (v->get_int64() == 0 || v->get_int64() == 1)) return v->get_int64() == 1;
    fail(name, "0 or 1 is expected");
    return std::nullopt;
  }
  void fail(std::string_view name, std::string what) {
    if (!problem_) problem_ = wrong(path_ + std::string{name}, std::move(what));
  }

 private:
  const boost::json::object& object_;
  std::string path_;
  std::optional<error>& problem_;
};

inline result<boost::json::object> parse_object(std::string_view body) {
  boost::system::error_code ec;
  boost::json::parse_options options;
  options.max_depth = 8;
  auto value = boost::json::parse(body, ec, {}, options);
  if (ec || !value.is_object()) return wrong("body", "the body is not a JSON object");
  return std::move(value.get_object());
}

inline void put(boost::json::object& out, const char* name, const std::string& value) {
  if (!value.empty()) out[name] = value;
}

}  // namespace interlude
