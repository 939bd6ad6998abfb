// Verified session tokens, per thread: a token's signature is computed once, not once per request.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "media/core/text_hash.hpp"
#include "net/session_token.hpp"

namespace interlude::net {

struct verified_session {
  net::session session;
  std::string id_line;  // "X-Session-Id: <id>\r\n", as every playlist of the session carries it
};

class session_cache {
 public:
  explicit session_cache(std::size_t capacity = 32'768) : capacity_(capacity) {}

  // As session_signer::verify. The pointer is good until the next call.
  result<const verified_session*> verify(const session_signer& signer, std::string_view token,
                                         std::string_view org, std::string_view channel,
                                         instant now);

 private:
  struct entry {
    verified_session verified;
    std::string org, channel;
  };
  using table = std::unordered_map<std::string, entry, text_hash, std::equal_to<>>;

  std::size_t capacity_;
  table young_, old_;  // two generations: when the young one is full it becomes the old one
};

inline constexpr std::chrono::hours max_session_age{24};

}  // namespace interlude::net
