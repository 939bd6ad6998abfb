#include "apps/origin/control.hpp"

#include <boost/json.hpp>

namespace interlude::origin {

namespace {

namespace json = boost::json;

error ill_typed(std::string_view name, std::string_view wanted) {
  return {errc::malformed, std::string{name}, std::string{wanted} + " is expected"};
}

std::optional<double> number_of(const json::value& v, double low, double high) {
  if (!v.is_number()) return std::nullopt;
  const auto n = v.to_number<double>();
  return n >= low && n <= high ? std::optional{n} : std::nullopt;
}

// Those there have been stay where they were, whatever comes next.
void keep_regular_discontinuities(faults& f, std::int64_t next) {
  const auto every = static_cast<std::int64_t>(f.discontinuity_every);
  if (every == 0) return;
  // Older ones than this are in no window, but numbers count them.
  for (auto n = (f.discontinuity_every_from + every - 1) / every * every; n < next; n += every)
    if (n > 0) f.discontinuities.push_back(n);
  f.discontinuity_every = 0;
}

// Members that are plain numbers.
result<bool> set_number(faults& f, std::string_view name, const json::value& v, std::int64_t next,
                        instant now) {
  const auto n = number_of(v, -86'400, 86'400);
  if (!n) return ill_typed(name, "a number");
  const auto until = now + from_seconds(*n);
  if (name == "in_shift")
    f.in_shift = *n;
  else if (name == "cue_offset")
    f.cue_offset = *n;
  else if (name == "discontinuity_every") {
    keep_regular_discontinuities(f, next);
    f.discontinuity_every = static_cast<std::uint64_t>(std::max(0.0, *n));
    f.discontinuity_every_from = next;
  } else if (name == "lag")
    f.lag = static_cast<std::uint64_t>(std::max(0.0, *n));
  else if (name == "errors")
    f.errors_until = until;
  else if (name == "error_status")
    f.error_status = static_cast<unsigned>(std::min(599.0, std::max(400.0, *n)));
  else if (name == "error_probability")
    f.error_probability = *n;
  else if (name == "stalls")
    f.stall_until = until;
  else if (name == "stall")
    f.stall = std::min(60.0, std::max(0.0, *n));
  else if (name == "garbage_for")
    f.garbage_until = until;
  else if (name == "clock_jump")
    f.clock_jumps.push_back({next, *n});
  else
    return error{errc::not_found, std::string{name}, "unknown member"};
  return true;
}

result<bool> set_flag(faults& f, std::string_view name, bool on, std::int64_t next, instant now) {
  if (name == "in_missing")
    f.in_missing = on;
  else if (name == "out_repeated")
    f.out_repeated = on;
  else if (name == "frozen")
    f.frozen_at = on ? std::optional{now} : std::nullopt;
  else if (name == "discontinuity_now" && on)
    f.discontinuities.push_back(next);
  else if (name == "reset_now" && on)
    f.resets.push_back(next);
  else
    return error{errc::not_found, std::string{name}, "unknown member"};
  return true;
}

result<bool> set_text(faults& f, std::string_view name, std::string_view text) {
  if (name == "lagging")
    f.lagging = text;
  else if (name == "vanished")
    f.vanished = text;
  else if (name == "dates" && (text == "all" || text == "first" || text == "none"))
    f.dates = text == "all" ? dates::all : text == "first" ? dates::first : dates::none;
  else if (name == "garbage" && (text == "none" || text == "html" || text == "truncated" ||
                                 text == "huge" || text == "binary"))
    f.garbage = text == "html"        ? garbage::html
                : text == "truncated" ? garbage::truncated
                : text == "huge"      ? garbage::huge
                : text == "binary"    ? garbage::binary
                                      : garbage::none;
  else
    return error{errc::not_found, std::string{name}, "unknown member or value"};
  return true;
}

}  // namespace

result<faults> apply_control(faults f, std::string_view text, std::int64_t next, instant now) {
  boost::system::error_code ec;
  const auto value = json::parse(text, ec);
  if (ec || !value.is_object()) return error{errc::malformed, "body", "a JSON object is expected"};
  for (const auto& [name, v] : value.get_object()) {
    result<bool> done = true;
    if (name == "clear" && v.is_bool()) {
      // Numbers already shown keep their meaning: discontinuities and resets stay where they are.
      keep_regular_discontinuities(f, next);
      faults fresh;
      fresh.discontinuities = f.discontinuities;
      fresh.resets = f.resets;
      fresh.clock_jumps = f.clock_jumps;
      f = fresh;
    } else if (v.is_bool()) {
      done = set_flag(f, name, v.get_bool(), next, now);
    } else if (v.is_string()) {
      done = set_text(f, name, v.get_string());
    } else {
      done = set_number(f, name, v, next, now);
    }
    if (!done) return done.error();
  }
  return f;
}

std::string describe_faults(const faults& f) {
  json::object o;
  o["in_shift"] = f.in_shift;
  o["in_missing"] = f.in_missing;
  o["out_repeated"] = f.out_repeated;
  o["cue_offset"] = f.cue_offset;
  o["dates"] = f.dates == dates::all ? "all" : f.dates == dates::first ? "first" : "none";
  o["discontinuity_every"] = f.discontinuity_every;
  o["discontinuities"] = json::value_from(f.discontinuities);
  o["resets"] = json::value_from(f.resets);
  json::array jumps;
  for (const auto& jump : f.clock_jumps) jumps.push_back({{"from", jump.from}, {"by", jump.by}});
  o["clock_jumps"] = std::move(jumps);
  o["lagging"] = f.lagging;
  o["lag"] = f.lag;
  o["vanished"] = f.vanished;
  o["error_status"] = f.error_status;
  o["error_probability"] = f.error_probability;
  o["stall"] = f.stall;
  const auto until = [&](const char* name, const std::optional<instant>& t) {
    if (t) o[name] = format_iso8601(*t);
  };
  until("errors_until", f.errors_until);
  until("stalls_until", f.stall_until);
  until("garbage_until", f.garbage_until);
  until("frozen_at", f.frozen_at);
  return json::serialize(o);
}

}  // namespace interlude::origin
