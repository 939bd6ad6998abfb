// A session is its own token: nothing is looked up to know that it is genuine and what it asks for.
//
// Text form: base64url of {version, mode, issued_at, 16 random bytes of session id, audience, what
// is known of the viewer, parameters} followed by the first 16 bytes of HMAC-SHA-256 over those
// bytes, a zero and "org/channel": a token of one channel is worth nothing on another. Parameters
// (player's ads.* and the viewer token's claims) are bounded to 1 KiB together, the viewer to
// another one and a half. Addresses are not in it: a token is no secret.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ads/consent/consent.hpp"
#include "media/core/result.hpp"
#include "media/core/time.hpp"

namespace interlude::net {

// Names and values of a session's parameters, with four bytes of overhead each.
constexpr std::size_t max_session_parameter_bytes = 1024;
// Of one text that is known of a viewer; what is longer is not kept.
constexpr std::size_t max_viewer_text_bytes = 1024;

enum class insertion_mode : std::uint8_t { ssai = 1, sgai = 2 };

struct session {
  std::array<std::uint8_t, 16> id{};
  insertion_mode mode = insertion_mode::ssai;
  instant issued_at{};         // to the second, 1970 to 2106
  std::uint64_t audience = 0;  // number of those it joined with (audience_names.hpp); 0: of none
  bool common = false;         // there were too many audiences: it is shown what all are
  bool debugged = false;       // an operator started it: its story may be asked for
  bool tracks_itself = false;  // the player tells of its ads: nobody else does
  std::string viewer_id;       // as the publisher knows them
  std::string country, region, device_class;
  ads::consent allows;
  std::vector<std::pair<std::string, std::string>> parameters;

  std::string id_text() const;  // 32 hex digits
};

class session_signer {
 public:
  explicit session_signer(std::string secret) : secret_(std::move(secret)) {}

  // Parameters are signed in order while they fit into max_session_parameter_bytes; the rest is
  // left out. `org` and `channel` are path segments, without slashes.
  std::string sign(const session& s, std::string_view org, std::string_view channel) const;
  // errc::unauthorized for anything but a token made by sign() with the same secret and channel,
  // not older than `max_age`; constant-time comparison; the text is bounded to 6 KiB before it is
  // looked at.
  result<session> verify(std::string_view token, std::string_view org, std::string_view channel,
                         instant now, std::chrono::seconds max_age = std::chrono::hours{24}) const;

 private:
  std::string secret_;
};

}  // namespace interlude::net
