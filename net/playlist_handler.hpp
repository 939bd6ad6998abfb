// GET .../s/{session}/{rendition}.m3u8: the hot path of the node. docs/architecture.md, "The way of
// a media playlist request", is this file.
#pragma once

#include "net/http_message.hpp"
#include "net/node_context.hpp"
#include "net/route.hpp"
#include "net/session_cache.hpp"

namespace interlude::net {

// The name of a session's audience, without a look at the heap.
class audience_name {
 public:
  explicit audience_name(const session& s);
  audience_name(const audience_name&) = delete;  // the text may lie in it
  audience_name& operator=(const audience_name&) = delete;
  std::string_view text() const noexcept { return text_; }

 private:
  std::array<char, 32> buffer_;
  std::string_view text_;
};

// Fills `out` and returns true when the answer is there; false when the channel's actor has to be
// asked.
bool playlist_now(node_context& node, const route& r, response& out);
// Asks and waits.
awaitable<response> playlist_when_ready(node_context& node, route r);

// The session a token stands for, verified at most once per thread. Good until the next call on
// this thread.
result<const verified_session*> session_of(node_context& node, const route& r);
response session_refused(const error& e);

}  // namespace interlude::net
