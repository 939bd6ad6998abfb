// The body type of a response the client reads: decoded into a string while it arrives, so that
// neither a large body nor a small one that inflates to a large one is ever held.
#pragma once

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/optional/optional.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "media/core/result.hpp"
#include "net/gzip.hpp"

namespace interlude::net {

struct decoded_body {
  struct value_type {
    std::string text;
    std::size_t limit = 0;     // of `text`, in bytes
    std::optional<error> why;  // the reason behind the error code that the reader gave
  };

  // Beast's BodyReader: init() when the header is complete and a body follows, put() with each
  // piece, finish() at its end.
  class reader {
   public:
    template <bool is_request, class Fields>
    reader(boost::beast::http::header<is_request, Fields>& head, value_type& body)
        : body_(body), fields_(&head) {}

    void init(const boost::optional<std::uint64_t>& length, boost::system::error_code& ec) {
      ec = {};
      const std::string_view encoding = (*fields_)[boost::beast::http::field::content_encoding];
      if (boost::beast::iequals(encoding, "gzip") || boost::beast::iequals(encoding, "x-gzip"))
        inflater_.emplace();
      else if (!encoding.empty() && !boost::beast::iequals(encoding, "identity"))
        refuse(errc::malformed,
               "the body is encoded as " + std::string(encoding.substr(0, 40)) +
                   ", which was not asked for",
               ec);
      else if (length && *length > body_.limit)
        refuse_size(ec);
      else if (length)
        body_.text.reserve(static_cast<std::size_t>(*length));
    }

    template <class Buffers>
    std::size_t put(const Buffers& buffers, boost::system::error_code& ec) {
      ec = {};
      for (const auto buffer : boost::beast::buffers_range_ref(buffers))
        if (!ec) append({static_cast<const char*>(buffer.data()), buffer.size()}, ec);
      return boost::asio::buffer_size(buffers);
    }

    void finish(boost::system::error_code& ec) {
      ec = {};
      if (inflater_ && got_some_ && !inflater_->is_complete())
        refuse(errc::malformed, "the gzip body is truncated", ec);
    }

   private:
    void append(std::string_view piece, boost::system::error_code& ec) {
      got_some_ = got_some_ || !piece.empty();
      if (!inflater_) {
        if (piece.size() > body_.limit - body_.text.size()) return refuse_size(ec);
        body_.text.append(piece);
        return;
      }
      const auto state = inflater_->put(piece, body_.text, body_.limit);
      if (state == gzip_inflater::state::too_large) refuse_size(ec);
      if (state == gzip_inflater::state::malformed)
        refuse(errc::malformed, "the gzip body is damaged", ec);
    }

    void refuse_size(boost::system::error_code& ec) {
      refuse(errc::too_large, "the body is larger than " + std::to_string(body_.limit) + " bytes",
             ec);
    }

    void refuse(errc code, std::string what, boost::system::error_code& ec) {
      body_.why = error{code, {}, std::move(what)};
      ec = boost::beast::http::error::body_limit;
    }

    value_type& body_;
    const boost::beast::http::fields* fields_;
    std::optional<gzip_inflater> inflater_;
    bool got_some_ = false;
  };
};

}  // namespace interlude::net
