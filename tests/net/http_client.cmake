interlude_test(test_http_client
  SOURCES http_client.test.cpp
  DEPENDS interlude_http_client
  PCH <boost/asio.hpp> <boost/asio/ssl.hpp>)
