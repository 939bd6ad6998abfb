// The answer to a request, read as its bytes come; knows nothing of sockets.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>

#include "actors/http_fetcher.hpp"
#include "net/client_url.hpp"
#include "net/http_message.hpp"

namespace interlude::net {

struct exchange_outcome {
  exchange_outcome(result<fetch_response> r, bool keep, bool nothing)
      : response(std::move(r)), reusable(keep), nothing_came(nothing) {}
  result<fetch_response> response;
  bool reusable = false;      // the connection may be kept
  bool nothing_came = false;  // it failed before the first byte of an answer
};

bool is_timeout(const boost::system::error_code& ec);
// Of a URL as it is shown, and what was being done.
error transport_error(const std::string& shown, std::string_view doing,
                      const boost::system::error_code& ec);

class answer_reader {
 public:
  // Both stay where they are.
  answer_reader(const fetch_request& request, const client_url& url);

  // Takes from what has come; true: there is an outcome.
  bool take(boost::beast::flat_buffer& from);
  // Nothing more comes: there is an outcome.
  void end(boost::system::error_code why);
  exchange_outcome outcome() { return *std::move(outcome_); }

 private:
  void begin();
  void conclude(bool may_be_kept);
  void fail(const boost::system::error_code& why);

  const fetch_request& request_;
  const client_url& url_;
  std::optional<http::response_parser<http::string_body>> parser_;
  int interim_ = 0;
  std::optional<exchange_outcome> outcome_;
};

}  // namespace interlude::net
