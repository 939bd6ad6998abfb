// A running node, as its operator asks it over HTTP; for commands, which wait for the answer.
//
// Nothing takes longer than 40 seconds, and no answer is longer than 16 MiB. The token goes to the
// node that was named and nowhere else: redirects are not followed. One thread at a time.
#pragma once

#include <boost/json/value.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "media/core/result.hpp"
#include "net/http_client.hpp"

namespace interlude {

class operator_client {
 public:
  using parameters = std::vector<std::pair<std::string, std::string>>;

  // `node`: "http://127.0.0.1:8080".
  operator_client(std::string node, std::string token);
  ~operator_client();
  operator_client(const operator_client&) = delete;
  operator_client& operator=(const operator_client&) = delete;

  // What was answered, an object. Errors say what to do: errc::unauthorized for a token that is
  // not the node's, errc::not_found, errc::unavailable when nobody answers, and others.
  result<boost::json::value> get(std::string_view path, const parameters& query = {});
  result<boost::json::value> post(std::string_view path, const boost::json::object& body);

 private:
  result<boost::json::value> ask(fetch_request request);

  std::string node_, token_;
  std::shared_ptr<net::http_client> client_;
};

}  // namespace interlude
