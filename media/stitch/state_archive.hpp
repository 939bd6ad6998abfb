// How the parts of a timeline's state are written and read: each is described once, by a list of
// its members' names, and the description serves both ways.
//
//   template <class Archive> void describe(Archive& a, thing& t) { a("count", t.count); }
//
// Shared creatives are kept once and referred to by key. Reading throws (Boost.JSON's exceptions,
// std::out_of_range) where something is not as described.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "media/core/time.hpp"
#include "media/stitch/creative_json.hpp"
#include "media/stitch/timeline_state.hpp"

namespace interlude::stitch {

// The highest value of an enumeration that may be read.
template <class E>
constexpr E last_of();

class state_writer {
 public:
  explicit state_writer(creative_table& creatives) : creatives_(creatives) {}

  template <class T>
  void operator()(const char* name, T& member) {
    object_[name] = value_of(member);
  }
  boost::json::object take() { return std::move(object_); }

 private:
  template <class T>
  boost::json::value value_of(T& v) {
    if constexpr (std::is_same_v<T, instant>)
      return v.time_since_epoch().count();
    else if constexpr (std::is_same_v<T, duration>)
      return v.count();
    else if constexpr (std::is_enum_v<T>)
      return static_cast<std::int64_t>(v);
    else if constexpr (std::is_same_v<T, std::string>)
      return boost::json::string{v};
    else if constexpr (std::is_arithmetic_v<T>)
      return v;
    else
      return structure(v);
  }
  boost::json::value structure(creative_ptr& c) {
    if (!c) return nullptr;
    creatives_.emplace(c->key, c);
    return boost::json::string{c->key};
  }
  template <class T>
  boost::json::value structure(std::optional<T>& v) {
    return v ? value_of(*v) : nullptr;
  }
  template <class T>
  boost::json::value structure(std::vector<T>& v) {
    boost::json::array out;
    out.reserve(v.size());
    for (auto& element : v) out.push_back(value_of(element));
    return out;
  }
  template <class T>
  boost::json::value structure(std::shared_ptr<const T>& v) {
    // A description takes a mutable reference for the reader's sake; nothing is written to.
    return v ? value_of(const_cast<T&>(*v)) : nullptr;
  }
  template <class T>
  requires requires(state_writer& a, T& t) { describe(a, t); }
  boost::json::value structure(T& v) {
    state_writer inner{creatives_};
    describe(inner, v);
    return inner.take();
  }

  creative_table& creatives_;
  boost::json::object object_;
};

class state_reader {
 public:
  state_reader(const boost::json::object& object, const creative_table& creatives)
      : object_(object), creatives_(creatives) {}

  template <class T>
  void operator()(const char* name, T& member) {
    read(object_.at(name), member);
  }

 private:
  template <class T>
  void read(const boost::json::value& from, T& v) {
    if constexpr (std::is_same_v<T, instant>) {
      v = instant{duration{from.to_number<std::int64_t>()}};
    } else if constexpr (std::is_same_v<T, duration>) {
      v = duration{from.to_number<std::int64_t>()};
    } else if constexpr (std::is_enum_v<T>) {
      const auto number = from.to_number<std::uint8_t>();
      if (number > static_cast<std::uint8_t>(last_of<T>()))
        throw std::out_of_range("no such value of an enumeration");
      v = static_cast<T>(number);
    } else if constexpr (std::is_same_v<T, bool>) {
      v = from.as_bool();
    } else if constexpr (std::is_arithmetic_v<T>) {
      v = from.to_number<T>();
    } else if constexpr (std::is_same_v<T, std::string>) {
      v = from.as_string();
    } else {
      structure(from, v);
    }
  }
  void structure(const boost::json::value& from, creative_ptr& v) {
    v = from.is_null() ? nullptr : creatives_.at(std::string{from.as_string()});
  }
  template <class T>
  void structure(const boost::json::value& from, std::optional<T>& v) {
    v.reset();
    if (!from.is_null()) read(from, v.emplace());
  }
  template <class T>
  void structure(const boost::json::value& from, std::vector<T>& v) {
    v.clear();
    for (const auto& element : from.as_array()) read(element, v.emplace_back());
  }
  template <class T>
  void structure(const boost::json::value& from, std::shared_ptr<const T>& v) {
    v.reset();
    if (from.is_null()) return;
    auto made = std::make_shared<T>();
    read(from, *made);
    v = std::move(made);
  }
  template <class T>
  requires requires(state_reader& a, T& t) { describe(a, t); }
  void structure(const boost::json::value& from, T& v) {
    state_reader inner{from.as_object(), creatives_};
    describe(inner, v);
  }

  const boost::json::object& object_;
  const creative_table& creatives_;
};

}  // namespace interlude::stitch
