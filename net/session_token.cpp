#include "net/session_token.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "media/core/base64.hpp"

namespace interlude::net {

namespace {

constexpr std::uint8_t version = 2;
constexpr std::size_t mac_size = 16;
constexpr std::size_t max_token = 6 * 1024;
// Clocks of the nodes of a cluster may differ by this much.
constexpr std::chrono::seconds clock_leeway{60};

template <class T>
void put(std::string& out, T value) {
  for (int shift = static_cast<int>(sizeof(T)) * 8 - 8; shift >= 0; shift -= 8)
    out += static_cast<char>((value >> shift) & 0xff);
}

// Takes from the front of `in`; false when there is too little.
template <class T>
bool take(std::string_view& in, T& value) {
  if (in.size() < sizeof(T)) return false;
  std::uint64_t v = 0;
  for (const char c : in.substr(0, sizeof(T))) v = (v << 8) | static_cast<unsigned char>(c);
  value = static_cast<T>(v);
  in.remove_prefix(sizeof(T));
  return true;
}

bool take(std::string_view& in, std::string& text) {
  std::uint16_t size = 0;
  if (!take(in, size) || in.size() < size) return false;
  text = in.substr(0, size);
  in.remove_prefix(size);
  return true;
}

std::string mac(const std::string& secret, std::string_view payload, std::string_view org,
                std::string_view channel) {
  // Neither name can hold a slash (it is a path segment), so "org/channel" is unambiguous.
  std::string message(payload);
  message += '\0';
  message += org;
  message += '/';
  message += channel;
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (!HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
            reinterpret_cast<const unsigned char*>(message.data()), message.size(), digest, &size))
    throw std::runtime_error("HMAC-SHA-256 is not available from OpenSSL");
  return {reinterpret_cast<const char*>(digest), mac_size};
}

std::size_t size_of(const std::pair<std::string, std::string>& parameter) {
  return parameter.first.size() + parameter.second.size() + 4;
}

// Which of the yes-or-no things hold.
enum : std::uint8_t {
  is_common = 1,
  gdpr_is_known = 2,
  gdpr_applies = 4,
  limits_tracking = 8,
  has_texts = 16,  // of most sessions nothing more is known, and tokens stand in every URL
  is_debugged = 32,
  tracks_itself = 64
};

std::uint8_t flags_of(const session& s) {
  unsigned flags = s.common ? is_common : 0;
  if (s.allows.gdpr_applies) flags |= gdpr_is_known;
  if (s.allows.gdpr_applies.value_or(false)) flags |= gdpr_applies;
  if (s.allows.limits_tracking) flags |= limits_tracking;
  if (s.debugged) flags |= is_debugged;
  if (s.tracks_itself) flags |= tracks_itself;
  return static_cast<std::uint8_t>(flags);
}

void set_flags(session& s, std::uint8_t flags) {
  s.common = (flags & is_common) != 0;
  if ((flags & gdpr_is_known) != 0) s.allows.gdpr_applies = (flags & gdpr_applies) != 0;
  s.allows.limits_tracking = (flags & limits_tracking) != 0;
  s.debugged = (flags & is_debugged) != 0;
  s.tracks_itself = (flags & tracks_itself) != 0;
}

void put(std::string& out, const std::string& text) {
  put(out, static_cast<std::uint16_t>(text.size()));
  out += text;
}

struct viewer_text {
  std::string session::*own;
  std::string ads::consent::*allowed;
  std::size_t longest;

  template <class Session>
  auto& of(Session& s) const {
    return own != nullptr ? s.*own : s.allows.*allowed;
  }
};

// What is longer is not kept: without the consent that was given, what is withheld is withheld
// still.
constexpr std::array<viewer_text, 7> viewer_texts{{
    {&session::viewer_id, nullptr, 256},
    {&session::country, nullptr, 64},
    {&session::region, nullptr, 64},
    {&session::device_class, nullptr, 64},
    {nullptr, &ads::consent::tcf, max_viewer_text_bytes},
    {nullptr, &ads::consent::us_privacy, 64},
    {nullptr, &ads::consent::gpp, max_viewer_text_bytes},
}};

constexpr std::size_t max_gpp_sections = 16;

void pack_viewer(std::string& out, const session& s) {
  const bool any = !s.allows.gpp_sections.empty() ||
                   std::any_of(viewer_texts.begin(), viewer_texts.end(),
                               [&](const viewer_text& t) { return !t.of(s).empty(); });
  put(out, static_cast<std::uint8_t>(flags_of(s) | (any ? has_texts : 0)));
  if (!any) return;
  for (const auto& t : viewer_texts) put(out, t.of(s).size() > t.longest ? std::string{} : t.of(s));
  const auto sections = std::min(s.allows.gpp_sections.size(), max_gpp_sections);
  put(out, static_cast<std::uint8_t>(sections));
  for (std::size_t i = 0; i < sections; ++i)
    put(out, static_cast<std::uint16_t>(s.allows.gpp_sections[i]));
}

bool unpack_viewer(std::string_view& in, session& s) {
  std::uint8_t flags = 0, sections = 0;
  if (!take(in, flags)) return false;
  set_flags(s, flags);
  if ((flags & has_texts) == 0) return true;
  for (const auto& t : viewer_texts)
    if (auto& text = t.of(s); !take(in, text) || text.size() > t.longest) return false;
  if (!take(in, sections) || sections > max_gpp_sections) return false;
  for (std::uint8_t i = 0; i < sections; ++i) {
    std::uint16_t section = 0;
    if (!take(in, section)) return false;
    s.allows.gpp_sections.push_back(section);
  }
  return true;
}

std::string pack(const session& s) {
  std::string out;
  put(out, version);
  put(out, static_cast<std::uint8_t>(s.mode));
  const auto seconds = std::chrono::floor<std::chrono::seconds>(s.issued_at).time_since_epoch();
  put(out, static_cast<std::uint32_t>(seconds.count()));
  out.append(reinterpret_cast<const char*>(s.id.data()), s.id.size());
  put(out, s.audience);
  pack_viewer(out, s);
  std::size_t left = max_session_parameter_bytes;
  for (const auto& parameter : s.parameters) {
    if (size_of(parameter) > left) break;
    left -= size_of(parameter);
    put(out, parameter.first);
    put(out, parameter.second);
  }
  return out;
}

bool unpack(std::string_view in, session& s) {
  std::uint8_t found_version = 0, mode = 0;
  std::uint32_t seconds = 0;
  if (!take(in, found_version) || found_version != version || !take(in, mode)) return false;
  if (mode != static_cast<std::uint8_t>(insertion_mode::ssai) &&
      mode != static_cast<std::uint8_t>(insertion_mode::sgai))
    return false;
  s.mode = static_cast<insertion_mode>(mode);
  if (!take(in, seconds)) return false;
  s.issued_at = instant{std::chrono::seconds{seconds}};
  for (auto& byte : s.id)
    if (!take(in, byte)) return false;
  if (!take(in, s.audience) || !unpack_viewer(in, s) || in.size() > max_session_parameter_bytes)
    return false;
  while (!in.empty()) {
    auto& [name, value] = s.parameters.emplace_back();
    if (!take(in, name) || !take(in, value)) return false;
  }
  return true;
}

error refused(const char* why) {
  return {errc::unauthorized, "session token", why};
}

}  // namespace

std::string session::id_text() const {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(id.size() * 2);
  for (const auto byte : id) {
    text += digits[byte >> 4];
    text += digits[byte & 0xf];
  }
  return text;
}

std::string session_signer::sign(const session& s, std::string_view org,
                                 std::string_view channel) const {
  const std::string payload = pack(s);
  return encode_base64url(payload + mac(secret_, payload, org, channel));
}

result<session> session_signer::verify(std::string_view token, std::string_view org,
                                       std::string_view channel, instant now,
                                       std::chrono::seconds max_age) const {
  if (token.size() > max_token) return refused("too long");
  const auto bytes = decode_base64url(token);
  if (!bytes || bytes->size() <= mac_size) return refused("not a session token");
  const std::string_view all(*bytes);
  const auto payload = all.substr(0, all.size() - mac_size);
  const std::string expected = mac(secret_, payload, org, channel);
  if (CRYPTO_memcmp(all.data() + payload.size(), expected.data(), mac_size) != 0)
    return refused("signature does not match");
  session s;
  if (!unpack(payload, s)) return refused("of another version of this program");
  if (s.issued_at > now + clock_leeway) return refused("issued in the future");
  if (now - s.issued_at > max_age) return refused("expired");
  return s;
}

}  // namespace interlude::net
