#include "actors/creative/segment_probe.hpp"

#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <memory>

#include "actors/creative/media_probe.hpp"

namespace interlude {

namespace {

using block = std::array<unsigned char, 16>;

std::optional<block> read_iv(std::string_view hex) {
  if (hex.starts_with("0x") || hex.starts_with("0X")) hex.remove_prefix(2);
  if (hex.empty() || hex.size() > 32) return std::nullopt;
  std::string full(32 - hex.size(), '0');
  full += hex;
  block iv{};
  for (std::size_t i = 0; i < iv.size(); ++i) {
    const auto* begin = full.data() + 2 * i;
    const auto [end, ec] = std::from_chars(begin, begin + 2, iv[i], 16);
    if (ec != std::errc{} || end != begin + 2) return std::nullopt;
  }
  return iv;
}

}  // namespace

result<std::string> decrypt_aes128(std::string_view data, std::string_view key,
                                   std::string_view iv_hex) {
  const auto iv = read_iv(iv_hex);
  if (key.size() != 16 || !iv)
    return error{errc::malformed, "EXT-X-KEY", "the AES-128 key or IV is not 16 bytes"};
  const std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)> context{EVP_CIPHER_CTX_new(),
                                                                           EVP_CIPHER_CTX_free};
  std::string out(data.size() + 16, '\0');
  int written = 0, last = 0;
  auto* to = reinterpret_cast<unsigned char*>(out.data());
  const bool good =
      EVP_DecryptInit_ex(context.get(), EVP_aes_128_cbc(), nullptr,
                         reinterpret_cast<const unsigned char*>(key.data()), iv->data()) == 1 &&
      EVP_DecryptUpdate(context.get(), to, &written,
                        reinterpret_cast<const unsigned char*>(data.data()),
                        static_cast<int>(data.size())) == 1 &&
      EVP_DecryptFinal_ex(context.get(), to + written, &last) == 1;
  if (!good)
    return error{errc::malformed, "segment",
                 "it cannot be decrypted with the key that the playlist names"};
  out.resize(static_cast<std::size_t>(written + last));
  return out;
}

result<stitch::track_format> read_sample(const segment_sample& sample) {
  auto clear = sample.key.empty() ? result<std::string>{sample.segment}
                                  : decrypt_aes128(sample.segment, sample.key, sample.iv);
  if (!clear) return clear.error();
  if (clear->starts_with("WEBVTT") || clear->starts_with("\xEF\xBB\xBFWEBVTT")) {
    stitch::track_format f;
    f.container = stitch::container::web_vtt;
    return f;
  }
  {
    std::ofstream out{sample.scratch, std::ios::binary};
    out << sample.init << *clear;
  }
  auto probe = probe_file({sample.scratch}, std::chrono::seconds{10});
  std::error_code ec;
  std::filesystem::remove(sample.scratch, ec);
  if (!probe) return probe.error();
  return probe->format;
}

}  // namespace interlude
