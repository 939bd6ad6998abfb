#include "net/http_connection.hpp"

#include <algorithm>

namespace interlude::net {

namespace {

constexpr std::size_t read_size = 2 * 1024;
constexpr std::size_t body_read_size = 16 * 1024;
constexpr std::size_t kept_buffer = 16 * 1024;
constexpr std::size_t max_lingering_bytes = 1024 * 1024;
constexpr std::chrono::milliseconds linger_timeout{2000};

}  // namespace

http_connection::http_connection(connection_context& context, tcp_socket socket,
                                 asio::ip::address peer)
    : context_(context), socket_(std::move(socket)) {
  request_.peer = std::move(peer);
  context_.connections.push_back(*this);
  context_.counters.open.fetch_add(1, std::memory_order_relaxed);
  boost::system::error_code ec;
  socket_.non_blocking(true, ec);
  enter(phase::idle, context_.options.header_timeout);
}

http_connection::~http_connection() {
  context_.counters.open.fetch_sub(1, std::memory_order_relaxed);
}

awaitable<void> http_connection::serve() {
  boost::system::error_code ec;
  for (;;) {
    switch (next()) {
      case step::read:
        received(co_await socket_.async_read_some(room(), into(ec)), ec);
        continue;
      case step::answer_later:
        co_await answer_later();
        break;
      case step::finish_body:
        co_await finish_body();
        break;
      case step::write:
        break;
      case step::close:
        if (linger_) co_await linger();
        co_return;
    }
    gather();
    if (!write_now()) co_await write_rest();
    finish_response();
  }
}

http_connection::step http_connection::next() {
  if (closed_) return step::close;
  if (late_)
    return refuse({http::status::request_timeout, "timeout", "the request did not arrive in time"});
  return parse();
}

http_connection::step http_connection::parse() {
  if (!parser_) {
    begin_message();
    if (!parser_) return context_.stopping ? step::close : step::read;
  }
  boost::system::error_code ec;
  const std::size_t used = parser_->put(buffer_.data(), ec);
  buffer_.consume(used);
  if (ec && ec != http::error::need_more)
    return refuse(explain_parser_error(ec, !parser_->get().target().empty()));
  if (!opened_ && parser_->is_header_done())
    if (const auto bad = open_message()) return refuse(*bad);
  if (sink_) return feed_sink();
  return parser_->is_done() ? answer() : needs_more();
}

void http_connection::begin_message() {
  // RFC 9112 2.2: an empty line before the request line is to be ignored.
  while (buffer_.size() > 0) {
    const char first = *static_cast<const char*>(buffer_.data().data());
    if (first != '\r' && first != '\n') break;
    buffer_.consume(1);
  }
  if (buffer_.size() == 0) return;
  parser_.emplace();
  parser_->eager(true);
  parser_->header_limit(context_.options.max_header_bytes);
  parser_->body_limit(boost::none);  // see is_too_large()
  continue_sent_ = false;
  opened_ = false;
}

// The parser judges a line when it is complete; what cannot become a request line need not wait for
// the timeout.
bool http_connection::may_become_request() const {
  if (buffer_.size() == 0 || !parser_->get().target().empty()) return true;
  const char first = *static_cast<const char*>(buffer_.data().data());
  return first >= 'A' && first <= 'Z';
}

http_connection::step http_connection::refuse(const refusal& why) {
  auto& counter = late_ ? context_.counters.timeouts : context_.counters.bad_requests;
  counter.fetch_add(1, std::memory_order_relaxed);
  response_ = make_refusal(why);
  head_only_ = false;
  keep_alive_ = false;
  linger_ = true;
  return step::write;
}

void http_connection::take_header() {
  const auto& message = parser_->get();
  head_only_ = message.method() == http::verb::head;
  old_version_ = message.version() < 11;
  keep_alive_ = message.keep_alive();
  request_.method = head_only_ ? http::verb::get : message.method();
  request_.head_only = head_only_;
  request_.target = message.target();
  const auto question = request_.target.find('?');
  request_.path = request_.target.substr(0, question);
  request_.query = question == std::string_view::npos ? std::string_view{}
                                                      : request_.target.substr(question + 1);
  request_.headers = &message;
  request_.body = {};
}

http_connection::step http_connection::answer() {
  context_.counters.requests.fetch_add(1, std::memory_order_relaxed);
  if (is_too_large()) return refuse(explain_parser_error(http::error::body_limit, true));
  request_.body = parser_->get().body();
  phase_ = phase::answer;
  deadline_ = 0;
  if (request_.method == http::verb::options) {
    answer_options(response_);
    return step::write;
  }
  try {
    return context_.handler.answer_now(request_, response_) ? step::write : step::answer_later;
  } catch (const std::exception& e) {
    answer_failed(e.what());
  } catch (...) {
    answer_failed("unknown exception");
  }
  return step::write;
}

awaitable<void> http_connection::answer_later() {
  try {
    response_ = co_await context_.handler.answer(request_);
  } catch (const std::exception& e) {
    answer_failed(e.what());
  } catch (...) {
    answer_failed("unknown exception");
  }
}

void http_connection::answer_failed(std::string_view what) {
  context_.counters.handler_failures.fetch_add(1, std::memory_order_relaxed);
  context_.log_failure(request_.path, what);
  response_ = make_problem(http::status::internal_server_error, "internal", "Internal Server Error",
                           "the request could not be answered");
}

void http_connection::gather() {
  if (context_.stopping) keep_alive_ = false;
  std::string_view head, body;
  bool bodiless = head_only_;
  if (response_.shared) {
    head = response_.shared->head;
    body = response_.shared->body;
  } else {
    body = response_.body_view.owner ? response_.body_view.bytes : response_.body;
    write_head(head_, response_.status, body.size());
    head = head_;
    bodiless = bodiless || !has_body(response_.status);
  }
  std::string& lines = response_.headers;
  lines += context_.date_line;
  if (!keep_alive_)
    lines += "Connection: close\r\n";
  else if (old_version_)
    lines += "Connection: keep-alive\r\n";
  lines += "\r\n";
  if (bodiless) body = {};
  parts_ = {asio::buffer(head), asio::buffer(lines), asio::buffer(body)};
}

bool http_connection::write_now() {
  boost::system::error_code ec;
  const std::size_t written = socket_.write_some(parts_, ec);
  if (ec && ec != asio::error::would_block) {
    closed_ = true;
    linger_ = false;
    return true;
  }
  advance(written);
  return asio::buffer_size(parts_) == 0;
}

awaitable<void> http_connection::write_rest() {
  boost::system::error_code ec;
  while (asio::buffer_size(parts_) > 0) {
    enter(phase::write, context_.options.write_timeout);
    advance(co_await socket_.async_write_some(parts_, into(ec)));
    if (!ec) continue;
    if (late_) context_.counters.timeouts.fetch_add(1, std::memory_order_relaxed);
    closed_ = true;
    linger_ = false;
    co_return;
  }
}

void http_connection::advance(std::size_t written) {
  for (auto& part : parts_) {
    const std::size_t n = std::min(written, part.size());
    part += n;
    written -= n;
  }
}

void http_connection::finish_response() {
  sink_.reset();
  parser_.reset();
  response_.clear();
  late_ = false;
  if (!keep_alive_) closed_ = true;
  if (buffer_.size() == 0 && buffer_.capacity() > kept_buffer) buffer_.shrink_to_fit();
  enter(phase::idle, context_.options.idle_timeout);
}

asio::mutable_buffer http_connection::room() {
  return buffer_.prepare(phase_ == phase::body ? body_read_size : read_size);
}

void http_connection::received(std::size_t bytes, boost::system::error_code ec) {
  buffer_.commit(bytes);
  if (late_ && phase_ == phase::idle) {
    context_.counters.timeouts.fetch_add(1, std::memory_order_relaxed);
    closed_ = true;
  } else if (ec && !late_) {
    closed_ = true;
  }
}

// A peer that is still sending when the socket is closed gets a reset, which can overtake the
// response that says why. RFC 9112 9.6: close the sending half, then read on for a while.
awaitable<void> http_connection::linger() {
  boost::system::error_code ec;
  socket_.shutdown(tcp_socket::shutdown_send, ec);
  enter(phase::linger, std::min(linger_timeout, context_.options.header_timeout));
  std::size_t total = 0;
  buffer_.clear();
  while (!ec && !context_.stopping && total < max_lingering_bytes)
    total += co_await socket_.async_read_some(buffer_.prepare(read_size), into(ec));
}

void http_connection::enter(phase next_phase, std::chrono::milliseconds timeout) {
  phase_ = next_phase;
  deadline_ = context_.after(timeout);
}

void http_connection::close_if_late() {
  if (deadline_ == 0 || context_.now < deadline_) return;
  deadline_ = 0;
  late_ = true;
  boost::system::error_code ec;
  socket_.cancel(ec);
}

void http_connection::close_if_idle() {
  // A body that lasts would be waited for in vain.
  if (phase_ != phase::idle && phase_ != phase::linger && !(phase_ == phase::body && sink_)) return;
  closed_ = true;
  boost::system::error_code ec;
  socket_.cancel(ec);
}

void http_connection::close_now() {
  boost::system::error_code ec;
  socket_.close(ec);
}

}  // namespace interlude::net
