// The part of a connection that sees to bodies of requests: collected up to a bound, or given to a
// sink as they come.
#include <boost/beast/core/string.hpp>

#include "net/http_connection.hpp"

namespace interlude::net {

// The header is there; of the body, there may be all or nothing.
std::optional<refusal> http_connection::open_message() {
  opened_ = true;
  if (auto bad = check_request(parser_->get())) return bad;
  take_header();
  if (!parser_->chunked() && parser_->content_length().value_or(0) == 0) return std::nullopt;
  try {
    sink_ = context_.handler.open_body(request_);
  } catch (const std::exception& e) {
    context_.counters.handler_failures.fetch_add(1, std::memory_order_relaxed);
    context_.log_failure(request_.path, e.what());
    return refusal{http::status::internal_server_error, "internal",
                   "the request could not be answered"};
  }
  return std::nullopt;
}

// What is collected is looked at after each read, so it is never more than that too large.
bool http_connection::is_too_large() const {
  const auto told = parser_->content_length();
  return parser_->get().body().size() > context_.options.max_body_bytes ||
         (told && *told > context_.options.max_body_bytes);
}

http_connection::step http_connection::feed_sink() {
  auto& body = parser_->get().body();
  if (sink_->wants_more() && !body.empty()) sink_->take(body);
  body.clear();
  const bool whole = parser_->is_done();
  if (!whole && sink_->wants_more() && !context_.stopping) {
    enter(phase::body, context_.options.idle_timeout);
    send_continue();
    return step::read;
  }
  context_.counters.requests.fetch_add(1, std::memory_order_relaxed);
  phase_ = phase::answer;
  deadline_ = 0;
  if (!whole) {
    keep_alive_ = false;
    linger_ = true;
  }
  return step::finish_body;
}

http_connection::step http_connection::needs_more() {
  if (!parser_->is_header_done()) {
    if (!may_become_request()) return refuse(explain_parser_error(http::error::bad_method, false));
    if (phase_ != phase::header) enter(phase::header, context_.options.header_timeout);
    return step::read;
  }
  if (is_too_large()) return refuse(explain_parser_error(http::error::body_limit, true));
  if (phase_ != phase::body) enter(phase::body, context_.options.body_timeout);
  send_continue();
  return step::read;
}

void http_connection::send_continue() {
  if (continue_sent_ || parser_->get().version() < 11) return;
  continue_sent_ = true;
  if (!boost::beast::iequals(parser_->get()[http::field::expect], "100-continue")) return;
  // RFC 9110 10.1.1: a client goes on by itself after a while, so a full socket buffer is no reason
  // to wait here.
  boost::system::error_code ec;
  socket_.write_some(asio::buffer(std::string_view{"HTTP/1.1 100 Continue\r\n\r\n"}), ec);
}

awaitable<void> http_connection::finish_body() {
  try {
    response_ = co_await sink_->finish();
  } catch (const std::exception& e) {
    answer_failed(e.what());
  } catch (...) {
    answer_failed("unknown exception");
  }
  sink_.reset();
}

}  // namespace interlude::net
