// From a request to its handler: the node's whole HTTP interface in one switch.
#pragma once

#include "net/http_message.hpp"
#include "net/jwks_cache.hpp"
#include "net/node_context.hpp"
#include "net/route.hpp"

namespace interlude::net {

class node_routes : public request_handler {
 public:
  explicit node_routes(node_context& node) : node_(node), keys_(node.fetcher) {}

  bool answer_now(const request& req, response& out) override;
  awaitable<response> answer(const request& req) override;
  std::unique_ptr<body_sink> open_body(const request& req) override;

 private:
  bool route_now(const route& r, const request& req, response& out);
  awaitable<response> route_later(const route& r, const request& req);

  node_context& node_;
  jwks_cache keys_;
};

}  // namespace interlude::net
