#include "apps/adserver/vast_order.hpp"

#include <algorithm>
#include <array>
#include <boost/url/parse_query.hpp>
#include <charconv>
#include <utility>

#include "ads/macros/macros.hpp"

namespace interlude::adserver {

namespace {

constexpr std::array names = {
    std::pair{"none", fault::none},
    std::pair{"slow", fault::slow},
    std::pair{"never", fault::never},
    std::pair{"no_ad", fault::no_ad},
    std::pair{"no_content", fault::no_content},
    std::pair{"not_xml", fault::not_xml},
    std::pair{"truncated", fault::truncated},
    std::pair{"loop", fault::loop},
    std::pair{"failing", fault::failing},
    std::pair{"huge", fault::huge},
    std::pair{"bomb", fault::bomb},
    std::pair{"encoding", fault::encoding},
};

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || failed != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

std::optional<duration> seconds_of(std::string_view text) {
  constexpr duration most = std::chrono::hours{1};
  const auto d = parse_seconds(text);
  return d && *d <= most ? d : std::nullopt;
}

std::optional<std::string> plain_name(const std::string& text) {
  constexpr std::size_t longest = 64;
  return text.size() <= longest && is_plain(text) ? std::optional{text} : std::nullopt;
}

// Sets one field; false if the value is none.
bool set(order& o, std::string_view name, const std::string& value) {
  constexpr std::uint64_t most_wrappers = 20;
  const auto take = [](auto& place, const auto& read) {
    if (!read) return false;
    place = *read;
    return true;
  };
  if (name == "d") return take(o.length, seconds_of(value));
  if (name == "delay") return take(o.delay, seconds_of(value));
  if (name == "n") return take(o.number, number_of(value));
  if (name == "id") return take(o.break_id, plain_name(value));
  if (name == "fault") return take(o.wrong, fault_of(value));
  const auto number = number_of(value);
  if (name == "pod" && number && *number <= 1) return o.pod = *number == 1, true;
  if (name == "wrappers" && number && *number <= most_wrappers)
    return o.wrappers = static_cast<int>(*number), true;
  return name != "pod" && name != "wrappers";  // what is not known is the caller's own
}

// What is told of one viewer, break and ad is told under one name.
struct pixels {
  std::string base;
  std::uint64_t number = 0;
  std::string break_id{};

  std::string of(const std::string& what, const std::string& ad) const {
    return "<![CDATA[" + base + "/pixel?event=" + what + "&ad=" + ad +
           "&n=" + std::to_string(number) + (break_id.empty() ? "" : "&break=" + break_id) +
           "&session=[TRANSACTIONID]&cb=[CACHEBUSTING]]]>";
  }
};

std::string error_pixel(const std::string& base, const std::string& ad) {
  return "<Error><![CDATA[" + base + "/pixel?event=error&code=[ERRORCODE]&ad=" + ad + "]]></Error>";
}

std::string tracking(const pixels& to, const std::string& ad) {
  std::string out = "<TrackingEvents>";
  for (const char* event : {"start", "firstQuartile", "midpoint", "thirdQuartile", "complete"})
    out += std::string{"<Tracking event=\""} + event + "\">" + to.of(event, ad) + "</Tracking>";
  return out + "</TrackingEvents>";
}

std::string inline_ad(const ad_media& ad, int sequence, const pixels& to) {
  const auto& base = to.base;
  return "<Ad id=\"" + ad.name + "\"" +
         (sequence > 0 ? " sequence=\"" + std::to_string(sequence) + "\"" : "") +
         "><InLine><AdSystem>interlude-adserver</AdSystem><AdTitle>" + ad.name + "</AdTitle>" +
         error_pixel(base, ad.name) + "<Impression>" + to.of("impression", ad.name) +
         "</Impression><Creatives><Creative id=\"" + ad.name +
         "\"><UniversalAdId idRegistry=\"interlude-adserver\">" + ad.name +
         "</UniversalAdId><Linear><Duration>" + ads::format_timecode(ad.length) + "</Duration>" +
         tracking(to, ad.name) +
         "<MediaFiles><MediaFile delivery=\"progressive\" type=\"video/mp4\"><![CDATA[" + base +
         "/media/" + ad.name +
         ".mp4]]></MediaFile></MediaFiles></Linear></Creative></Creatives>"
         "</InLine></Ad>";
}

std::string query_of(const order& o) {
  return "?d=" + format_seconds(o.length) + "&n=" + std::to_string(o.number) +
         (o.break_id.empty() ? "" : "&id=" + o.break_id) + "&pod=" + (o.pod ? "1" : "0") +
         "&wrappers=" + std::to_string(o.wrappers) + "&fault=" + to_string(o.wrong) +
         "&delay=" + format_seconds(o.delay);
}

std::string wrapper(const order& o, const std::string& base) {
  auto next = o;
  if (o.wrong != fault::loop) --next.wrappers;
  const auto id = "wrapper-" + std::to_string(o.wrappers);
  const pixels to{base, o.number, o.break_id};
  return "<Ad id=\"" + id +
         "\"><Wrapper allowMultipleAds=\"1\"><AdSystem>interlude-adserver"
         "</AdSystem><VASTAdTagURI><![CDATA[" +
         base + "/vast" + query_of(next) + "]]></VASTAdTagURI>" + error_pixel(base, id) +
         "<Impression>" + to.of("impression", id) + "</Impression><Creatives><Creative><Linear>" +
         tracking(to, id) + "</Linear></Creative></Creatives></Wrapper></Ad>";
}

}  // namespace

std::optional<fault> fault_of(std::string_view name) {
  for (const auto& [known, f] : names)
    if (name == known) return f;
  return std::nullopt;
}

const char* to_string(fault f) {
  for (const auto& [known, value] : names)
    if (value == f) return known;
  return "none";
}

bool is_plain(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

result<order> read_order(std::string_view query) {
  order o;
  // Boost.URL 1.81's parse_query() reads up to a terminating zero, whatever the view's length.
  const std::string terminated{query};
  const auto parsed = boost::urls::parse_query(terminated);
  if (!parsed) return error{errc::malformed, "query", "it is none"};
  for (const auto& p : boost::urls::params_view{*parsed})
    if (!set(o, p.key, p.value))
      return error{errc::malformed, p.key, "\"" + p.value.substr(0, 40) + "\" is no value for it"};
  return o;
}

std::string vast_for(const order& o, const std::vector<ad_media>& ads, const std::string& base) {
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<VAST version=\"4.2\" "
      "xmlns=\"http://www.iab.com/VAST\">";
  if (o.wrong == fault::no_ad) return out + error_pixel(base, "none") + "</VAST>";
  if (o.wrappers > 0 || o.wrong == fault::loop) return out + wrapper(o, base) + "</VAST>";
  auto left = o.length;
  int sequence = 0;
  for (std::size_t i = 0; i < ads.size(); ++i) {
    const auto& ad = ads[(o.number + i) % ads.size()];
    if (ad.length > left) continue;
    left -= ad.length;
    out += inline_ad(ad, o.pod ? ++sequence : 0, {base, o.number, o.break_id});
  }
  return out + (left == o.length ? error_pixel(base, "none") : "") + "</VAST>";
}

}  // namespace interlude::adserver
