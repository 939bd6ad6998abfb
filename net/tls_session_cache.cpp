#include "net/tls_session_cache.hpp"

#include <algorithm>

namespace interlude::net {

namespace {

int sessions_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

// Zero: the session stays OpenSSL's.
int keep_session(SSL* ssl, SSL_SESSION* session) {
  if (auto* to = static_cast<tls_sessions*>(SSL_get_ex_data(ssl, sessions_index())))
    to->keep(session);
  return 0;
}

bool is_single_use(const SSL_SESSION* session) {
  return SSL_SESSION_get_protocol_version(session) >= TLS1_3_VERSION;
}

}  // namespace

void tls_sessions::keep(SSL_SESSION* session) {
  if (SSL_SESSION_is_resumable(session) != 1) return;
  tls_session_ptr copy{SSL_SESSION_dup(session), SSL_SESSION_free};
  if (!copy) return;
  // Of TLS 1.2 one is enough: it may be used again and again.
  if (!is_single_use(session)) kept_.clear();
  kept_.push_back(std::move(copy));
  if (kept_.size() > most) kept_.pop_front();
}

tls_session_ptr tls_sessions::take(std::time_t now) {
  std::erase_if(kept_, [&](const tls_session_ptr& s) {
    const auto since = static_cast<std::time_t>(SSL_SESSION_get_time(s.get()));
    const auto lasts = std::min<std::time_t>(SSL_SESSION_get_timeout(s.get()), longest);
    return now < since || now >= since + lasts;
  });
  tls_session_ptr out{nullptr, SSL_SESSION_free};
  if (kept_.empty()) return out;
  if (!is_single_use(kept_.back().get())) {
    out.reset(SSL_SESSION_dup(kept_.back().get()));
    return out;
  }
  out = std::move(kept_.back());
  kept_.pop_back();
  return out;
}

void tls_session_cache::attach(SSL_CTX* tls) {
  SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(tls, keep_session);
}

void tls_session_cache::prepare(SSL* ssl, tls_sessions& to) {
  SSL_set_ex_data(ssl, sessions_index(), &to);
  if (const auto session = to.take(std::time(nullptr))) SSL_set_session(ssl, session.get());
}

std::shared_ptr<tls_sessions> tls_session_cache::of(const client_endpoint& host) {
  auto& known = hosts_[host];
  known.asked = ++asked_;
  if (!known.sessions) known.sessions = std::make_shared<tls_sessions>();
  auto out = known.sessions;
  if (hosts_.size() > most_hosts_)
    hosts_.erase(std::min_element(hosts_.begin(), hosts_.end(), [](const auto& a, const auto& b) {
      return a.second.asked < b.second.asked;
    }));
  return out;
}

}  // namespace interlude::net
