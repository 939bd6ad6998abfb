#include "apps/node/config_ad_servers.hpp"

#include <algorithm>

#include "ads/macros/macros.hpp"
#include "apps/node/url_checks.hpp"

namespace interlude {

namespace {

constexpr std::size_t longest_body = 64 * 1024;
constexpr std::size_t longest_value = 1024;
constexpr std::size_t most_headers = 32;

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

// With something in place of each variable, so that a comma too many is found before a break.
bool is_json_template(const std::string& body) {
  ads::macro_values values;
  for (const auto name : ads::macro_names(body)) values.set(name, 1);
  boost::system::error_code ec;
  boost::json::parse(ads::fill_macros(body, values, ads::macro_place::json), ec);
  return !ec;
}

void check_body(config_reader& r, const ads::request_form& form) {
  if (form.content_type.empty() || form.content_type.size() > longest_value ||
      has_control(form.content_type))
    return r.fail("content_type", "a media type is expected, as in application/json");
  if (form.body.empty()) return;
  if (form.method != "POST") return r.fail("body", "only \"method\": \"POST\" has a body");
  if (form.body.size() > longest_body) return r.fail("body", "at most 64 KiB are expected");
  if (ads::place_in_body(form.content_type) == ads::macro_place::json &&
      !is_json_template(form.body))
    r.fail("body", "this is not JSON, whatever its variables are");
}

void check_headers(config_reader& r, const ads::request_form& form) {
  if (form.headers.size() > most_headers) r.fail("headers", "at most 32 are expected");
  for (const auto& [name, value] : form.headers) {
    if (!ads::is_free_header(name))
      r.fail("headers", name.substr(0, 64) + ": no header's name, or not one that can be set");
    if (value.size() > longest_value || has_control(value))
      r.fail("headers", name + ": one line of at most 1024 characters is expected");
  }
}

}  // namespace

void read_ad_server(config_reader& r, ad_server& server) {
  auto& form = server.form;
  r.text("url", server.url,
         "answers VAST or VMAP; variables as in [break.duration] and VAST's macros are filled in",
         true);
  r.seconds("timeout", server.timeout, 0.05, 30, "for its answer, with all wrappers");
  r.choice<ad_server_format>(
      "format", server.format, {{"vast", ad_server_format::vast}, {"json", ad_server_format::json}},
      "what it speaks: VAST (or VMAP), or the JSON of POST /v1/decision, as a decision service");
  r.choice<std::string>("method", form.method, {{"GET", "GET"}, {"POST", "POST"}},
                        "how it is asked; wrappers always with GET");
  r.text("body", form.body, "of a POST; variables are filled in, escaped for JSON or XML");
  r.text("content_type", form.content_type, "of the body");
  r.text_members("headers", form.headers, "headers of its own; variables are filled in");
  if (r.reference()) return;
  if (!is_url_template(server.url)) r.fail("url", "an http or https URL is expected");
  check_body(r, form);
  check_headers(r, form);
}

void read_ad_requests(config_reader& r, host_guard_options& a) {
  r.number("max_concurrent", a.max_concurrent, 1, 10'000,
           "under way to one host at a time; others wait within their timeout");
  r.number("breaker_failures", a.breaker_failures, 1, 1'000'000,
           "no answer, or 5xx: so many in a row, and the host is left alone");
  r.seconds("breaker_pause", a.breaker_pause, 0.1, 3600, "until it is tried again");
}

}  // namespace interlude
