#include "actors/creative/creative_identity.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "media/core/hex.hpp"
#include "media/core/lowered.hpp"
#include "media/core/url_host.hpp"
#include "media/hls/multivariant_playlist.hpp"

namespace interlude {

namespace {

namespace fs = std::filesystem;

std::string file_name(const std::string& file) {
  std::error_code ec;
  const auto path = fs::weakly_canonical(file, ec);
  const auto size = fs::file_size(file, ec);
  const auto time = fs::last_write_time(file, ec).time_since_epoch().count();
  return "file " + path.string() + '\n' + std::to_string(size) + '\n' + std::to_string(time);
}

}  // namespace

bool is_remote(std::string_view source) {
  const auto scheme = lowered(source.substr(0, 8));
  return scheme.starts_with("http://") || scheme.starts_with("https://");
}

std::string host_of(std::string_view url) {
  if (!is_remote(url)) return {};
  url = host_in(url);
  const auto port = url.rfind(':');
  const bool bracketed = url.starts_with('[') && port < url.find(']');
  return lowered(port == std::string_view::npos || bracketed ? url : url.substr(0, port));
}

std::string source_name(const condition_creative& wanted) {
  if (!wanted.identity.empty()) return "ad " + wanted.identity;
  return is_remote(wanted.source) ? "url " + wanted.source : file_name(wanted.source);
}

std::string sha256_of(std::string_view data) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(data.data(), data.size(), digest.data(), &size, EVP_sha256(), nullptr);
  return to_hex(byte_view{digest}.first(size));
}

std::string short_name(std::string_view text) {
  return sha256_of(text).substr(0, 32);
}

std::string unnamed_ad(std::string_view url) {
  return host_of(url) + '/' + short_name(hls::without_query(url));
}

std::string creative_key(std::string_view content, const stitch::ladder& ladder,
                         std::optional<duration> exact, double loudness) {
  return short_name(std::string{content} + '\n' + ladder.fingerprint() + '\n' +
                    (exact ? std::to_string(exact->count()) : "whole") + '\n' +
                    std::to_string(loudness));
}

}  // namespace interlude
