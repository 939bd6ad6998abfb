// What an exchange says and hears on a connection.
#include <algorithm>

#include "net/http_exchange.hpp"

namespace interlude::net {

namespace {

namespace http = boost::beast::http;

constexpr std::uint32_t max_header = 64 * 1024;
constexpr std::size_t small_read = 8 * 1024;
constexpr std::size_t large_read = 64 * 1024;
constexpr int max_interim = 8;

// What is read of a body; encoded it may be larger than decoded, but not by much.
std::uint64_t encoded_limit(std::size_t decoded) {
  return decoded + decoded / 8 + 1024;
}

}  // namespace

awaitable<void> http_exchange::converse() {
  // One co_await per statement: GCC 12 miscompiles them within conditional expressions.
  if (!reused_) {
    const bool connected = co_await connect();
    if (!connected) co_return;
    if (url_.tls) {
      const bool secured = co_await handshake();
      if (!secured) co_return;
    }
  }
  co_await send();
  co_await receive();
}

awaitable<bool> http_exchange::connect() {
  doing_ = "connecting";
  boost::system::error_code ec;
  for (std::size_t i = 0; i < addresses_.size() && !cut_; ++i) {
    // An address that swallows packets must leave time for the others.
    const auto now = clock::now();
    const auto left = static_cast<int>(addresses_.size() - i);
    limit_time(left == 1 ? deadline_ : now + (deadline_ - now) / left);
    const asio::ip::tcp::endpoint peer(addresses_[i], url_.port);
    ec = co_await connection_->connect(peer);
    if (ec) continue;
    limit_time(deadline_);
    client_counters::add(context_.counters.connections_opened);
    co_return !cut_;
  }
  limit_time(deadline_);
  note(errc::unavailable,
       "cannot connect: " + (ec == asio::error::operation_aborted ? "no answer" : ec.message()));
  co_return false;
}

awaitable<bool> http_exchange::handshake() {
  doing_ = "the TLS handshake";
  const auto ec = co_await connection_->handshake(context_.tls, url_);
  if (!ec) co_return true;
  const auto verdict = connection_->why_refused();
  note(errc::unavailable, verdict.empty() ? "the TLS handshake failed: " + ec.message()
                                          : "the server's certificate is refused: " + verdict);
  co_return false;
}

awaitable<void> http_exchange::send() {
  doing_ = "sending the request";
  head_ = request_head(request_, url_, context_.options.user_agent);
  const client_connection::pieces bytes{asio::buffer(head_), asio::buffer(request_.body)};
  const auto ec = co_await connection_->write(bytes);
  // A server that refuses a body may answer and close while it is being sent.
  if (ec) send_error_ = error{errc::unavailable, {}, "cannot send the request: " + ec.message()};
}

awaitable<bool> http_exchange::receive() {
  doing_ = "waiting for the answer";
  for (int interim = 0; interim <= max_interim; ++interim) {
    begin_message();
    const bool complete = co_await receive_message();
    if (!complete) co_return false;
    const auto status = parser_->get().result_int();
    // RFC 9110 15.2: any number of 1xx may come first. 101 was not asked for.
    if (status / 100 != 1) co_return true;
    if (status == 101) break;
  }
  note(errc::malformed, "the server answered with 101, or too many interim responses");
  co_return false;
}

void http_exchange::begin_message() {
  parser_.emplace();
  parser_->eager(true);
  parser_->header_limit(max_header);
  parser_->body_limit(encoded_limit(request_.max_bytes));
  parser_->skip(request_.method == "HEAD");
  parser_->get().body().limit = request_.max_bytes;
}

awaitable<bool> http_exchange::receive_message() {
  for (;;) {
    if (connection_->input().size() > 0 && !parse()) co_return false;
    if (parser_->is_done()) co_return true;
    const std::size_t before = connection_->input().size();
    const auto ec = co_await connection_->read(read_size());
    if (cut_) co_return false;
    got_some_ = got_some_ || connection_->input().size() > before;
    if (ec) co_return end_of_input(ec);
    if (parser_->is_header_done()) doing_ = "reading the body";
  }
}

std::size_t http_exchange::read_size() const {
  if (!parser_->is_header_done()) return small_read;
  const auto left = parser_->content_length_remaining();
  return left ? static_cast<std::size_t>(std::clamp<std::uint64_t>(*left, small_read, large_read))
              : 2 * small_read;
}

bool http_exchange::parse() {
  auto& input = connection_->input();
  boost::system::error_code ec;
  input.consume(parser_->put(input.data(), ec));
  if (ec && ec != http::error::need_more) {
    failure_ = explain(ec);
    return false;
  }
  // What stays is a line that does not end; Beast bounds those of the header, not those of a chunk.
  if (parser_->is_done() || input.size() <= max_header) return true;
  note(errc::too_large, "the answer has a line longer than 64 KiB");
  return false;
}

bool http_exchange::end_of_input(const boost::system::error_code& why) {
  if (!parser_->got_some()) {
    if (send_error_)
      note(send_error_->code, send_error_->what);
    else
      note(errc::unavailable, why == asio::error::eof
                                  ? "the server closed the connection before it answered"
                                  : "the connection was lost before an answer: " + why.message());
    return false;
  }
  if (why != asio::error::eof) {
    note(errc::unavailable, "the connection was lost within the answer: " + why.message());
    return false;
  }
  boost::system::error_code ec;
  parser_->put_eof(ec);
  if (!ec) return true;
  if (ec == http::error::partial_message)
    note(errc::unavailable, "the answer is truncated: the server closed the connection within it");
  else
    failure_ = explain(ec);
  return false;
}

error http_exchange::explain(const boost::system::error_code& why) const {
  if (const auto& body = parser_->get().body().why) return failed(body->code, body->what);
  if (why == http::error::header_limit)
    return failed(errc::too_large, "the header of the answer is larger than 64 KiB");
  if (why == http::error::body_limit)
    return failed(errc::too_large,
                  "the body is larger than " + std::to_string(request_.max_bytes) + " bytes");
  return failed(errc::malformed, "the answer is not valid HTTP: " + why.message());
}

error http_exchange::failed(errc code, std::string what) const {
  if (redirects_ > 0) what += " (redirected from " + shown_url(request_.url) + ")";
  return {code, url_.shown(), std::move(what)};
}

void http_exchange::note(errc code, std::string what) {
  if (!failure_) failure_ = failed(code, std::move(what));
}

// A server may close an idle connection while a request is on its way to it (RFC 9112 9.3.1). One
// that a POST was sent to may have acted on it: only what can be repeated is.
bool http_exchange::may_retry() const {
  return reused_ && !got_some_ && !retried_ && is_idempotent(request_.method);
}

bool http_exchange::is_redirect() const {
  if (request_.max_redirects <= 0 || (request_.method != "GET" && request_.method != "HEAD"))
    return false;
  const auto status = parser_->get().result_int();
  return (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) &&
         !parser_->get()[http::field::location].empty();
}

fetch_response http_exchange::take_response() {
  auto message = parser_->release();
  const auto field = [&message](http::field name) { return std::string(message[name]); };
  fetch_response out;
  out.status = message.result_int();
  out.body = std::move(message.body().text);
  out.content_type = field(http::field::content_type);
  out.etag = field(http::field::etag);
  out.last_modified = field(http::field::last_modified);
  out.location = field(http::field::location);
  out.retry_after = field(http::field::retry_after);
  out.final_url = url_.text;
  out.elapsed = std::chrono::duration_cast<duration>(clock::now() - started_);
  return out;
}

}  // namespace interlude::net
