// The node's configuration: one strict JSON file with comments. docs/configuration.md is printed
// from the same code that reads it (interlude --print-config-reference), so the two cannot differ.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "actors/channel_settings.hpp"
#include "actors/decision/host_guard.hpp"
#include "media/core/result.hpp"
#include "net/address_range.hpp"

namespace interlude {

struct http_settings {
  std::uint64_t max_connections = 20'000;
  std::uint64_t max_header_bytes = 8 * 1024;
  std::chrono::milliseconds header_timeout{10'000};
  std::chrono::milliseconds idle_timeout{60'000};
  std::chrono::milliseconds write_timeout{30'000};
};

struct creative_settings {
  std::uint64_t max_jobs = 1;
  std::uint64_t max_queue = 256;
  std::chrono::milliseconds job_timeout{120'000};
  std::uint64_t max_source_bytes = 512ull * 1024 * 1024;
  double loudness = -24;
  std::uint64_t disk_budget_bytes = 20ull * 1024 * 1024 * 1024;
  std::uint64_t quarantine_after = 6;
  std::chrono::milliseconds quarantine{6 * 3600 * 1000};
};

struct decision_settings {
  std::uint64_t cache_bytes = 256ull * 1024 * 1024;
  std::uint64_t cache_entries = 20'000;
};

struct beacon_settings {
  std::uint64_t max_waiting = 5'000'000;
  std::uint64_t max_dead = 100'000;
  std::uint64_t max_concurrent = 256;  // where one in twenty hangs, a thousand a second go on
  std::uint64_t max_per_second = 0;
  std::uint64_t breaker_failures = 5;
  std::chrono::milliseconds timeout{5'000};
};

struct analytics_settings {
  std::uint64_t keep_days = 400;
  std::uint64_t max_counters = 10'000;
};

struct events_log_settings {
  std::string folder;
  std::uint64_t rotate_bytes = 64ull * 1024 * 1024;
  std::uint64_t keep = 100;
};

struct proxy_settings {
  std::uint64_t cache_bytes = 256ull * 1024 * 1024;
  std::uint64_t max_segment_bytes = 64ull * 1024 * 1024;
};

struct config {
  std::string listen = "127.0.0.1:8080";
  std::string data = "data";
  std::uint64_t threads = 0;
  std::string public_url;
  std::string session_secret;
  std::string decision_token;
  std::string operator_token;
  std::string player_root;
  std::string ca_file;
  bool private_ads = false;
  std::vector<net::address_range> trusted_proxies;
  std::string geo_database;
  std::string log_level = "info";
  std::string log_format = "text";
  http_settings http;
  creative_settings creatives;
  decision_settings decisions;
  beacon_settings beacons;
  analytics_settings analytics;
  events_log_settings events_log;
  proxy_settings proxy;
  host_guard_options ad_requests;
  std::vector<channel_settings> channels;
};

// errc::malformed names key, path and line: "channels[0].orgin (line 7): unknown key; known are:
// ...".
result<config> parse_config(std::string_view text);
result<config> read_config(const std::string& file);

// Every setting with type, default and meaning, as a Markdown table.
std::string config_reference();

}  // namespace interlude
