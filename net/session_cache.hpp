// Verified session tokens, per thread: a token's signature is computed once, not once per request.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "actors/audience_book.hpp"
#include "media/core/text_hash.hpp"
#include "net/session_token.hpp"

namespace interlude::net {

struct verified_session {
  net::session session;
  std::string id_line;  // "X-Session-Id: <id>\r\n", as every playlist of the session carries it
  // Its audience, once that was asked for (session_audience.hpp).
  std::string audience;
  audience_mark_ptr mark;
};

// Those that have not been used for one to two minutes are forgotten.
class session_cache {
 public:
  static constexpr std::chrono::minutes generation{1};

  explicit session_cache(std::size_t capacity = 32'768) : capacity_(capacity) {}

  // As session_signer::verify. The pointer is good until the next call.
  result<verified_session*> verify(const session_signer& signer, std::string_view token,
                                   std::string_view org, std::string_view channel, instant now);

  std::size_t size() const noexcept { return young_.size() + old_.size(); }

 private:
  struct entry {
    verified_session verified;
    std::string org, channel;
  };
  void begin_generation(instant now);

  using table = std::unordered_map<std::string, entry, text_hash, std::equal_to<>>;

  std::size_t capacity_;
  // Two generations: when the young one is full, or a minute old, it becomes the old one.
  table young_, old_;
  instant young_since_{};
};

inline constexpr std::chrono::hours max_session_age{24};

}  // namespace interlude::net
