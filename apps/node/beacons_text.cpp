#include "apps/node/beacons_text.hpp"

#include <boost/json.hpp>
#include <iomanip>
#include <sstream>

namespace interlude {

namespace {

namespace json = boost::json;

std::string done_name(std::string_view action) {
  return action == "replay" ? "replayed" : "dropped";
}

const json::value* member(const json::value& from, std::string_view name) {
  const auto* object = from.if_object();
  return object == nullptr ? nullptr : object->if_contains(name);
}

std::uint64_t number_in(const json::value& from, std::string_view name) {
  const auto* v = member(from, name);
  boost::system::error_code ec;
  return v != nullptr && v->is_number() ? v->to_number<std::uint64_t>(ec) : 0;
}

bool is_set(const json::value& from, std::string_view name) {
  const auto* v = member(from, name);
  return v != nullptr && v->is_bool() && v->get_bool();
}

std::string host_line(const json::value& h) {
  std::ostringstream out;
  out << "  " << plain_text(text_in(h, "host")) << "  " << number_in(h, "waiting")
      << (number_in(h, "waiting") >= 1000 ? " or more" : "") << ", due "
      << plain_text(text_in(h, "due"));
  if (const auto n = number_in(h, "attempts"); n > 0)
    out << ", " << n << " failed: " << plain_text(text_in(h, "problem"));
  out << '\n';
  return out.str();
}

}  // namespace

std::string plain_text(std::string_view text) {
  std::string out{text};
  for (auto& c : out)
    if (c < 0x20 || c > 0x7e) c = '?';
  return out;
}

std::string text_in(const json::value& from, std::string_view name) {
  const auto* v = member(from, name);
  return v != nullptr && v->is_string() ? std::string{v->get_string()} : std::string{};
}

std::string status_text(const json::value& seen) {
  std::ostringstream out;
  out << "waiting    " << number_in(seen, "waiting") << " of " << number_in(seen, "maxWaiting");
  if (const auto* late = member(seen, "late"); late != nullptr && late->is_number())
    out << ", due for " << std::fixed << std::setprecision(1) << late->to_number<double>() << " s";
  out << "\ngiven up   " << number_in(seen, "dead") << " of " << number_in(seen, "maxDead")
      << "\naccepting  "
      << (is_set(seen, "accepting") ? "yes" : "no: " + plain_text(text_in(seen, "why"))) << '\n';
  if (const auto* counters = member(seen, "counters"); counters != nullptr && counters->is_object())
    for (const auto& [name, value] : counters->get_object())
      out << "  " << plain_text(name) << ' ' << json::serialize(value) << '\n';
  if (const auto* hosts = member(seen, "hosts"); hosts != nullptr && hosts->is_array())
    for (const auto& h : hosts->get_array()) out << host_line(h);
  if (is_set(seen, "moreHosts")) out << "  and more hosts\n";
  return out.str();
}

std::string beacon_line(const json::value& b) {
  std::ostringstream out;
  const auto shown = [&](std::string_view name) {
    const auto text = plain_text(text_in(b, name));
    return text.empty() ? std::string{"-"} : text;
  };
  for (const auto* name : {"name", "givenUp", "channel", "event", "host"})
    out << shown(name) << "  ";
  out << number_in(b, "attempts") << "  " << shown("problem") << '\n';
  return out.str();
}

void change_total::add(const json::value& answer, std::string_view action) {
  done += number_in(answer, done_name(action));
  missing += number_in(answer, "missing");
  unreadable += number_in(answer, "unreadable");
  full = full || is_set(answer, "full");
}

json::object change_total::to_json(std::string_view action) const {
  return {
      {done_name(action), done}, {"missing", missing}, {"unreadable", unreadable}, {"full", full}};
}

std::string change_total::text(std::string_view action) const {
  return done_name(action) + ' ' + std::to_string(done) + '\n';
}

std::string change_total::trouble() const {
  std::string out;
  if (missing > 0)
    out += std::to_string(missing) + " of these names are not, or no longer, given up\n";
  if (unreadable > 0) out += std::to_string(unreadable) + " cannot be read, and stay\n";
  if (full) out += "the outbox has no room for more: the others stay given up, try again later\n";
  return out;
}

}  // namespace interlude
