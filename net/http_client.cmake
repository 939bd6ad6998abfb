interlude_library(interlude_http_client
  SOURCES http_client.cpp http_exchange.cpp client_url.cpp gzip.cpp
  DEPENDS interlude_boost interlude_media_core OpenSSL::SSL ZLIB::ZLIB)
