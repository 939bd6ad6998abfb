#include "net/session_cache.hpp"

#include <utility>

namespace interlude::net {

result<verified_session*> session_cache::verify(const session_signer& signer,
                                                std::string_view token, std::string_view org,
                                                std::string_view channel, instant now) {
  // The wall clock may be set back.
  if (std::chrono::abs(now - young_since_) >= generation) begin_generation(now);
  auto it = young_.find(token);
  if (it == young_.end()) {
    if (auto node = old_.find(token); node != old_.end()) {
      it = young_.insert(old_.extract(node)).position;
    } else {
      auto verified = signer.verify(token, org, channel, now, max_session_age);
      if (!verified) return verified.error();
      if (young_.size() >= capacity_) begin_generation(now);
      auto id_line = "X-Session-Id: " + verified->id_text() + "\r\n";
      entry fresh{{*std::move(verified), std::move(id_line), {}, {}},
                  std::string{org},
                  std::string{channel}};
      it = young_.emplace(std::string{token}, std::move(fresh)).first;
    }
  }
  auto& found = it->second;
  if (found.org != org || found.channel != channel)
    return error{errc::unauthorized, "session", "the token was made for another channel"};
  if (now - found.verified.session.issued_at > max_session_age)
    return error{errc::unauthorized, "session", "the session has expired"};
  return &found.verified;
}

void session_cache::begin_generation(instant now) {
  old_ = std::exchange(young_, {});
  young_since_ = now;
}

}  // namespace interlude::net
