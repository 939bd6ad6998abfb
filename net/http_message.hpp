// What passes between a connection and the code that answers: a request as views, a response as
// parts to be gathered.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/verb.hpp>
#include <memory>
#include <string>
#include <string_view>

namespace interlude::net {

namespace asio = boost::asio;
namespace http = boost::beast::http;

// Concrete, so that no hop through any_io_executor is paid per operation.
using executor = asio::io_context::executor_type;
template <class T>
using awaitable = asio::awaitable<T, executor>;

// The header fields of a request, as the connection's parser keeps them.
using request_fields = http::fields;

// Valid until the response to it has been given back. `path` and `query` are the target as sent
// (not percent-decoded), split at the first '?'; the connection has refused targets that are not
// origin-form or hold control characters, spaces, backslashes or fragments. HEAD arrives as GET,
// OPTIONS not at all: the connection sees to both.
struct request {
  http::verb method = http::verb::get;
  bool head_only = false;  // it came as HEAD
  std::string_view target, path, query;
  const request_fields* headers = nullptr;
  std::string_view body;
  asio::ip::address peer;

  // The field's value; empty when it is missing. Names are compared without regard to case.
  std::string_view header(http::field name) const;
  std::string_view header(std::string_view name) const;
};

// A head and a body that many responses share, rendered once. `head` is the status line and header
// fields, each line ending in CRLF, Content-Length included, without the empty line that ends it.
struct shared_reply {
  std::string head;
  std::string body;
};
using shared_reply_ptr = std::shared_ptr<const shared_reply>;

// Bytes somebody else owns and keeps alive (a rendered body, a memory-mapped segment).
struct shared_bytes {
  std::shared_ptr<const void> owner;
  std::string_view bytes;
};

// Either `shared` is set (status, headers and body are its own), or status, headers and body are
// given here. `headers` are whole lines ending in CRLF: with `shared` they are the personal lines
// written between head and body. The connection adds Date, Connection where it is needed and,
// without `shared`, Content-Length. One response object serves all requests of a connection: it
// comes cleared, with the capacity its strings had.
struct response {
  shared_reply_ptr shared;
  http::status status = http::status::ok;
  std::string headers;
  std::string body;
  shared_bytes body_view;  // used instead of `body` when its owner is set

  // Control characters in the value are dropped: nothing a client sent can start a line of its own.
  void add_header(std::string_view name, std::string_view value);
  // As new, but the strings keep their memory (up to 64 KiB each).
  void clear();
};

// 200 with a body; CORS and no-store are added by the caller where wanted.
response make_response(http::status status, std::string_view content_type, std::string body);
// RFC 9457 problem details:
// {"type":"urn:interlude:problem:<slug>","title":...,"status":...,"detail":...}, with CORS.
response make_problem(http::status status, std::string_view slug, std::string_view title,
                      std::string_view detail);
response make_redirect(http::status status, std::string_view location);

// Adds "Access-Control-Allow-Origin: *" and what players need to read beside it.
void allow_cross_origin(response& r);

// Takes the body of a request as it comes, for bodies that are long, or last. Called on the
// connection's thread; must not block. Destroyed without a word when the client leaves.
class body_sink {
 public:
  virtual ~body_sink() = default;
  // Once false, the answer is given at once, and the connection is closed behind it if there is
  // more of the body.
  virtual bool wants_more() const = 0;
  virtual void take(std::string_view bytes) = 0;
  // The answer, when the body has ended or no more of it is wanted.
  virtual awaitable<response> finish() = 0;
};

// What answers requests. Called on the connection's thread; must not block.
class request_handler {
 public:
  virtual ~request_handler() = default;
  // The short way: fills `out` and returns true if the answer needs no waiting. This is the hot
  // path.
  virtual bool answer_now(const request& req, response& out) = 0;
  // The long way, taken when answer_now returned false. Exceptions become a 500 problem and a log
  // line.
  virtual awaitable<response> answer(const request& req) = 0;
  // Of a request with a body, when its header is there: null, and the body is read before the
  // request is answered (and bounded by max_body_bytes); or what takes it. Then the idle timeout
  // holds between any two bytes, and nothing else bounds the body. `req` is as for answer(),
  // without a body, and good until the sink is destroyed.
  virtual std::unique_ptr<body_sink> open_body(const request& req);
};

}  // namespace interlude::net
