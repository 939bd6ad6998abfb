#include "net/viewer_reader.hpp"

#include <boost/json/value.hpp>
#include <optional>

#include "ads/device/device_class.hpp"
#include "net/client_address.hpp"
#include "net/geo_database.hpp"

namespace interlude::net {

namespace {

namespace json = boost::json;

constexpr std::size_t longest_header = 1024;
constexpr std::size_t most_sections = 32;

std::string header_of(const request& req, http::field name) {
  return std::string{req.header(name).substr(0, longest_header)};
}

ads::device_class device_of(const request& req) {
  return ads::classify_device(req.header(http::field::user_agent),
                              {req.header("Sec-CH-UA-Mobile"), req.header("Sec-CH-UA-Platform"),
                               req.header("Sec-CH-UA-Form-Factors")});
}

std::optional<std::string> sections_of(const json::array& ids) {
  if (ids.size() > most_sections) return std::nullopt;
  std::string out;
  for (const auto& id : ids) {
    if (!id.is_int64()) return std::nullopt;
    out += (out.empty() ? "" : ",") + std::to_string(id.get_int64());
  }
  return out;
}

// As it would stand in a query; nothing if it is of a kind that this member cannot be.
std::optional<std::string> text_of(std::string_view name, const json::value& value) {
  const bool is_flag = name == "gdpr" || name == "lat" || name == "dnt";
  if (value.is_null()) return std::string{};
  if (value.is_string()) return std::string{value.get_string()};
  if (value.is_bool() && is_flag) return value.get_bool() ? "1" : "0";
  if (value.is_int64() && is_flag) return std::to_string(value.get_int64());
  if (value.is_array() && name == "gpp_sid") return sections_of(value.get_array());
  return std::nullopt;
}

}  // namespace

std::string_view consent_name(std::string_view parameter) noexcept {
  if (parameter.starts_with("ads.")) parameter.remove_prefix(4);
  return ads::is_consent_parameter(parameter) ? parameter : std::string_view{};
}

result<ads::consent_parameters> read_consent(const json::object& members) {
  ads::consent_parameters out;
  for (const auto& [key, value] : members) {
    const std::string_view name =
        key == "tcf" ? std::string_view{"gdpr_consent"} : std::string_view{key.data(), key.size()};
    auto text = ads::is_consent_parameter(name) ? text_of(name, value) : std::nullopt;
    if (!text)
      return error{errc::malformed, "consent." + std::string{key.substr(0, 64)},
                   "unknown or ill-typed: gdpr, lat, dnt (0 or 1), tcf, us_privacy, gpp (strings) "
                   "and gpp_sid (at most 32 numbers) are known"};
    out.emplace_back(name, *std::move(text));
  }
  return out;
}

result<ads::viewer> read_viewer(const viewer_sources& known, const request& req,
                                const ads::consent_parameters& consent) {
  auto allows = ads::consent_of(consent, req.header("Sec-GPC"));
  if (!allows) return allows.error();
  ads::viewer v;
  v.allows = *std::move(allows);
  v.user_agent = header_of(req, http::field::user_agent);
  v.accept_language = header_of(req, http::field::accept_language);
  v.referer = header_of(req, http::field::referer);
  if (const auto device = device_of(req); device != ads::device_class::unknown)
    v.device_class = ads::to_string(device);
  const auto address = client_address(req, known.trusted_proxies);
  if (!address) return v;
  v.ip = address->to_string();
  if (known.geo) {
    auto where = known.geo->find(*address);
    v.country = std::move(where.country);
    v.region = std::move(where.region);
  }
  return v;
}

}  // namespace interlude::net
