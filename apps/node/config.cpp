#include "apps/node/config.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <iterator>

#include "apps/node/ad_config.hpp"
#include "apps/node/config_ad_servers.hpp"
#include "apps/node/config_analytics.hpp"
#include "apps/node/config_beacons.hpp"
#include "apps/node/config_reader.hpp"
#include "apps/node/json_lines.hpp"
#include "apps/node/url_checks.hpp"
#include "media/core/hex.hpp"

namespace interlude {

namespace {

std::optional<std::uint8_t> segmentation_type(const std::string& text) {
  if (!text.starts_with("0x") || text.size() != 4) return std::nullopt;
  const auto value = from_hex(std::string_view{text}.substr(2));
  return value ? std::optional{value->front()} : std::nullopt;
}

// Only what starts a linear break: even, and no overlay (0x38, 0x3A), which never is one.
bool can_start_a_break(std::uint8_t type) {
  return type % 2 == 0 && type >= 0x22 && type != 0x38 && type != 0x3A;
}

void read_signals(config_reader& r, scte35::signal_policy& s) {
  std::vector<std::string> types;
  for (const auto type : s.segmentation_types) types.push_back("0x" + to_hex({&type, 1}));
  r.texts("segmentation_types", types,
          "SCTE-35 segmentation types that start a break; 0x44, 0x46 are ad blocks, 0x3c, 0x3e "
          "promos");
  s.segmentation_types.clear();
  for (const auto& text : types) {
    const auto type = segmentation_type(text);
    if (!type || !can_start_a_break(*type))
      return r.fail("segmentation_types",
                    text + " starts no break: a type such as 0x34 is expected");
    s.segmentation_types.push_back(*type);
  }
  std::uint64_t tier = s.tier.value_or(0xFFF);
  r.number("tier", tier, 0, 0xFFF, "SCTE-35 messages of other tiers are ignored; 4095: none are");
  s.tier = tier == 0xFFF ? std::nullopt : std::optional{static_cast<std::uint16_t>(tier)};
}

void read_timed(config_reader& r, stitch::timed_breaks& t) {
  std::string calendar;
  r.seconds("every", t.every, 10, 86'400, "an interval, counted from midnight UTC of 1970-01-01");
  r.seconds("offset", t.offset, 0, 86'400, "how long after the interval's begin");
  r.text("cron", calendar,
         "instead of every: minute, hour, day of month, month, day of week, in UTC (*/15 * * * *)");
  r.seconds("duration", t.length, 1, 3600, "of each of these breaks");
  if (r.reference()) return;
  if (calendar.empty() == (t.every.count() == 0)) r.fail("every", "either every or cron is needed");
  if (t.length.count() == 0) r.fail("duration", "is missing");
  if (calendar.empty()) return;
  auto parsed = stitch::calendar_rule::parse(calendar);
  if (!parsed) return r.fail("cron", parsed.error().what);
  t.calendar = *std::move(parsed);
}

void read_breaks(config_reader& r, stitch::break_policy& b) {
  r.seconds("default", b.default_break, 1, 3600, "what a break without a duration is planned with");
  r.seconds("max", b.max_break, 1, 7200, "the longest a break may last when no IN cue comes");
  r.seconds("min", b.min_break, 0, 60, "shorter breaks are left to the content");
  r.choice<stitch::overrun_policy>(
      "on_overrun", b.on_overrun,
      {{"slate", stitch::overrun_policy::slate}, {"content", stitch::overrun_policy::content}},
      "what is shown when the origin says that a break goes on");
  read_signals(r, b.signals);
  r.seconds("min_spacing", b.min_spacing, 0, 86'400,
            "breaks that begin sooner after the one before are left to the content; 0: none are");
  r.seconds("max_per_hour", b.max_per_hour, 0, 3600,
            "breaks that bring the last hour over so much ad time are left to the content; 0: none "
            "are");
  r.list("schedule", b.timed, read_timed);
}

void read_viewer_token(config_reader& r, viewer_token_settings& t) {
  r.choice<std::string>("algorithm", t.algorithm,
                        {{"HS256", "HS256"}, {"RS256", "RS256"}, {"ES256", "ES256"}},
                        "the only accepted signature");
  r.text("key", t.key, "the shared secret (HS256) or the public key in PEM");
  r.text("jwks_url", t.jwks_url, "where the issuer publishes its keys, instead of key");
  r.text("issuer", t.issuer, "required iss; empty: any");
  r.text("audience", t.audience, "required aud; empty: any");
  r.texts("ad_claims", t.ad_claims, "claims that become ad parameters");
  if (!r.reference() && t.key.empty() == t.jwks_url.empty())
    r.fail("key", "either key or jwks_url is needed");
  if (!t.jwks_url.empty() && !is_http_url(t.jwks_url))
    r.fail("jwks_url", "an http or https URL is expected");
}

void read_channel(config_reader& r, channel_settings& c) {
  r.text("org", c.org, "first part of the channel's path", true);
  r.text("name", c.name, "second part of the channel's path", true);
  r.text("origin", c.origin, "URL of the live multivariant playlist", true);
  r.texts("backup_origins", c.backup_origins,
          "the same channel elsewhere: asked in this order when the one in use does not deliver");
  r.choice<insertion>(
      "mode", c.mode,
      {{"auto", insertion::automatic}, {"ssai", insertion::stitched}, {"sgai", insertion::guided}},
      "how ads are inserted when the viewer does not say; auto: guided for players known to "
      "support it");
  r.choice<content_place>("segments", c.segments,
                          {{"origin", content_place::origin}, {"proxy", content_place::proxy}},
                          "where players fetch content segments, their initialisations and keys; "
                          "proxy: from this node");
  r.list("ad_servers", c.ad_servers, read_ad_server);
  r.object("audiences", [&](config_reader& inner) { read_audiences(inner, c.audiences); });
  r.object("decisions", [&](config_reader& inner) { read_keeping(inner, c.decisions); });
  r.flag("warm_up", c.warm_up,
         "ask the ad servers for a break of breaks.default when the channel starts, and condition "
         "what they name");
  r.list("house_ads", c.house_ads, read_house_ad);
  r.object("frequency", [&](config_reader& inner) { read_frequency(inner, c.pods); });
  r.choice<tracking_by>("tracking", c.tracking,
                        {{"server", tracking_by::node}, {"client", tracking_by::player}},
                        "who tells of ads that play when the session does not say: this node, or "
                        "the player");
  r.object("beacons", [&](config_reader& inner) { read_beacon_policy(inner, c.beacons); });
  r.object("bumpers", [&](config_reader& inner) {
    inner.text("opening", c.opening, "file or http(s) URL, played before the ads of a break");
    inner.text("closing", c.closing, "file or http(s) URL, played at the end of a break with ads");
  });
  r.text("slate", c.slate, "file or URL of the filler; empty: content shows where ads do not fill");
  r.object("breaks", [&](config_reader& inner) { read_breaks(inner, c.breaks); });
  r.seconds("preroll", c.join.preroll, 0, 300,
            "ads of at most this length for viewers who join; 0: none");
  r.choice<stitch::mid_break_join>(
      "mid_break_join", c.join.mid_break,
      {{"fill", stitch::mid_break_join::fill}, {"content", stitch::mid_break_join::content}},
      "what a stitched viewer who joins in the middle of a break is shown until it is over: its "
      "rest, or the content beneath");
  r.flag("in_band_cues", c.in_band_cues,
         "look for SCTE-35 in the media (transport stream or emsg) of the first video rendition");
  r.flag("keep_cues", c.keep_cues, "pass the origin's cue tags on to players");
  r.text("restrict", c.restrict_ads, "X-RESTRICT of guided breaks");
  r.text(
      "cue_token", c.cue_token,
      "bearer token of the channel's operators: .../cue, .../ingest, .../breaks, debug=1 and its "
      "analytics; empty: closed");
  r.optional_object("viewer_token", c.viewer_token, read_viewer_token);
  r.seconds("origin_timeout", c.origin_timeout, 0.1, 60, "for one request to the origin");
  r.seconds("decision_timeout", c.decision_timeout, 0.05, 30,
            "for the decision of a break that has begun");
  r.seconds("early_decision_timeout", c.early_decision_timeout, 0.05, 30,
            "for the decision of a break that is to come");
  if (r.reference()) return;
  if (!is_plain_name(c.org))
    r.fail("org", "up to 64 characters of letters, digits, _ and - are expected");
  if (!is_plain_name(c.name))
    r.fail("name", "up to 64 characters of letters, digits, _ and - are expected");
  if (!is_http_url(c.origin)) r.fail("origin", "an http or https URL is expected");
  for (const auto& url : c.backup_origins)
    if (!is_http_url(url)) r.fail("backup_origins", "http or https URLs are expected");
}

void read_http(config_reader& r, http_settings& h) {
  r.number("max_connections", h.max_connections, 1, 1'000'000, "all threads together");
  r.number("max_header_bytes", h.max_header_bytes, 1024, 65'536, "of one request");
  r.seconds("header_timeout", h.header_timeout, 0.1, 600, "for a request to arrive");
  r.seconds("idle_timeout", h.idle_timeout, 1, 3600, "between two requests of a connection");
  r.seconds("write_timeout", h.write_timeout, 1, 3600, "for a reader that takes nothing");
}

void read_creatives(config_reader& r, creative_settings& c) {
  r.number("max_jobs", c.max_jobs, 1, 64, "ffmpeg processes at a time");
  r.number("max_queue", c.max_queue, 1, 100'000, "creatives waiting for one");
  r.seconds("job_timeout", c.job_timeout, 1, 3600, "for one creative");
  r.number("max_source_bytes", c.max_source_bytes, 1024, 1ull << 40, "of one source");
  r.level("loudness", c.loudness, -40, 0,
          "LKFS, what the sound of creatives is brought to; 0: it stays as it is");
  r.number("disk_budget_bytes", c.disk_budget_bytes, 0, 1ull << 50,
           "of all conditioned creatives: the least recently used are removed, except those of the "
           "last hour; 0: any");
  r.number("quarantine_after", c.quarantine_after, 1, 1000,
           "failures in a row until a source is left alone; 2 for one that is no media");
  r.seconds("quarantine", c.quarantine, 60, 30 * 86'400, "for how long it is");
}

void read_decisions(config_reader& r, decision_settings& d) {
  r.number("cache_bytes", d.cache_bytes, 0, 1ull << 40,
           "of ad servers' answers that are kept in the store; 0: none are");
  r.number("cache_entries", d.cache_entries, 16, 10'000'000,
           "of decisions that are kept in memory");
}

void read_proxy(config_reader& r, proxy_settings& p) {
  r.number("cache_bytes", p.cache_bytes, 0, 1ull << 40,
           "of content segments that are kept in memory, all channels together");
  r.number("max_segment_bytes", p.max_segment_bytes, 1024, 1ull << 32,
           "of one content segment; a larger one is not served");
}

void read_trusted_proxies(config_reader& r, std::vector<net::address_range>& trusted) {
  std::vector<std::string> texts;
  r.texts("trusted_proxies", texts,
          "addresses and ranges (10.0.0.0/8) whose X-Forwarded-For or Forwarded is believed");
  for (const auto& text : texts) {
    auto range = net::address_range::parse(text);
    if (!range) return r.fail("trusted_proxies", range.error().message());
    trusted.push_back(*std::move(range));
  }
}

void read_node(config_reader& r, config& c) {
  r.text("listen", c.listen, "address and port; port 0: the system chooses");
  r.text("data", c.data, "folder of everything that is kept");
  r.number("threads", c.threads, 0, 256, "HTTP threads; 0: one per core");
  r.text("public_url", c.public_url,
         "scheme and authority of absolute URLs; empty: as the request's Host says");
  r.text("session_secret", c.session_secret,
         "signs sessions; empty: made once and kept in the data folder");
  r.text("decision_token", c.decision_token,
         "bearer token of POST /v1/decision; empty: that route is closed");
  r.text("operator_token", c.operator_token,
         "bearer token of /v1/creatives, /v1/beacons and .../analytics; empty: closed, but a "
         "channel's cue_token opens its analytics");
  r.text("player_root", c.player_root, "folder of the player page; empty: beside the program");
  r.text("ca_file", c.ca_file,
         "certificates (PEM) that origins are verified against; empty: the system's");
  r.flag("private_ads", c.private_ads,
         "the wrappers, media and pixels that ad servers name may lie in private networks, or on "
         "this machine");
  read_trusted_proxies(r, c.trusted_proxies);
  r.text("geo_database", c.geo_database,
         "file (mmdb, as GeoLite2 City) that tells country and region of viewers; empty: none");
  r.choice<std::string>("log_level", c.log_level,
                        {{"trace", "trace"},
                         {"debug", "debug"},
                         {"info", "info"},
                         {"warn", "warn"},
                         {"error", "error"}},
                        "what is logged");
  r.choice<std::string>("log_format", c.log_format, {{"text", "text"}, {"json", "json"}},
                        "how: lines for people, or an object in each for log collectors");
  r.object("http", [&](config_reader& inner) { read_http(inner, c.http); });
  r.object("creatives", [&](config_reader& inner) { read_creatives(inner, c.creatives); });
  r.object("decisions", [&](config_reader& inner) { read_decisions(inner, c.decisions); });
  r.object("beacons", [&](config_reader& inner) { read_beacons(inner, c.beacons); });
  r.object("analytics", [&](config_reader& inner) { read_analytics(inner, c.analytics); });
  r.object("events_log", [&](config_reader& inner) { read_events_log(inner, c.events_log); });
  r.object("proxy", [&](config_reader& inner) { read_proxy(inner, c.proxy); });
  r.object("ad_requests", [&](config_reader& inner) { read_ad_requests(inner, c.ad_requests); });
  r.list("channels", c.channels, read_channel);
  if (!c.public_url.empty() && !is_http_url(c.public_url))
    r.fail("public_url", "an http or https URL is expected");
  // Paths are appended to it.
  while (c.public_url.ends_with('/')) c.public_url.pop_back();
}

std::string first_duplicate(const config& c) {
  for (std::size_t i = 0; i < c.channels.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (c.channels[i].path() == c.channels[j].path())
        return "channels[" + std::to_string(i) + "].name";
  return {};
}

std::size_t line_at(std::string_view text, std::size_t offset) {
  return 1 + static_cast<std::size_t>(std::count(
                 text.begin(),
                 text.begin() + static_cast<std::ptrdiff_t>(std::min(offset, text.size())), '\n'));
}

}  // namespace

result<config> parse_config(std::string_view text) {
  boost::json::parse_options options;
  options.allow_comments = true;
  options.allow_trailing_commas = true;
  options.max_depth = 16;
  boost::json::stream_parser parser{{}, options};
  boost::system::error_code ec;
  const auto consumed = parser.write_some(text.data(), text.size(), ec);
  if (!ec) parser.finish(ec);
  if (ec)
    return error{errc::malformed, "line " + std::to_string(line_at(text, consumed)),
                 "not JSON: " + ec.message()};
  const auto value = parser.release();
  if (!value.is_object())
    return error{errc::malformed, "line 1", "the configuration must be a JSON object"};
  config c;
  config_report report;
  config_reader reader{&value.get_object(), "", report};
  read_node(reader, c);
  reader.finish();
  if (const auto twice = first_duplicate(c); !twice.empty())
    report.fail(twice, "another channel has the same org and name");
  if (report.wrong.empty()) return c;
  return error{
      errc::malformed,
      report.wrong_path + " (line " + std::to_string(line_of(text, report.wrong_path)) + ")",
      report.wrong};
}

result<config> read_config(const std::string& file) {
  std::ifstream in{file, std::ios::binary};
  if (!in) return error{errc::not_found, file, "the configuration file cannot be read"};
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  auto c = parse_config(text);
  if (!c) return error{c.error().code, file + ": " + c.error().where, c.error().what};
  return c;
}

std::string config_reference() {
  config c;
  config_report report;
  config_reader reader{nullptr, "", report};
  read_node(reader, c);
  std::string out = "| key | type | default | meaning |\n|---|---|---|---|\n";
  for (const auto& s : report.settings)
    out += "| `" + s.path + "` | " + s.type + " | " +
           (s.initial == "required" ? s.initial : "`" + s.initial + "`") + " | " + s.meaning +
           " |\n";
  return out;
}

}  // namespace interlude
