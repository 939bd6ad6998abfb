// What a player in a browser sends, and what Beast's parser alone takes from the heap to read it.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

#include "net/http_message.hpp"
#include "tests/support/allocation_counter.hpp"

namespace interlude::net {

inline std::string player_request_for(const std::string& target) {
  return "GET " + target +
         " HTTP/1.1\r\n"
         "Host: interlude.example\r\nConnection: keep-alive\r\nAccept: */*\r\n"
         "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)\r\n"
         "Accept-Encoding: gzip, deflate\r\nAccept-Language: en-GB,en;q=0.9\r\n"
         "Origin: https://player.example\r\nReferer: https://player.example/\r\n\r\n";
}

inline std::size_t allocations_of_the_parser(const std::string& request) {
  const std::size_t before = test::allocations_of_this_thread();
  http::request_parser<http::string_body> parser;
  parser.eager(true);
  boost::system::error_code ec;
  parser.put(asio::buffer(request), ec);
  BOOST_REQUIRE(!ec && parser.is_done());
  return test::allocations_of_this_thread() - before;
}

}  // namespace interlude::net
