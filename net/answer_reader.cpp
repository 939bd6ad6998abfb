#include "net/answer_reader.hpp"

#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>

#include "net/gzip.hpp"

namespace interlude::net {

namespace {

constexpr std::uint32_t max_header_bytes = 64 * 1024;
constexpr int max_interim = 8;

std::string text_of(const http::fields& fields, http::field name) {
  const auto it = fields.find(name);
  return it == fields.end() ? std::string{} : std::string{it->value()};
}

result<fetch_response> from_wire(http::response<http::string_body> message, const fetch_request& r,
                                 const client_url& url) {
  fetch_response out;
  out.status = message.result_int();
  out.location = text_of(message, http::field::location);
  out.retry_after = text_of(message, http::field::retry_after);
  if (!r.wants_body) return out;
  out.content_type = text_of(message, http::field::content_type);
  out.etag = text_of(message, http::field::etag);
  out.last_modified = text_of(message, http::field::last_modified);
  const auto encoding = text_of(message, http::field::content_encoding);
  if (encoding.empty() || encoding == "identity" || message.body().empty()) {
    out.body = std::move(message.body());
    return out;
  }
  if (encoding != "gzip" && encoding != "x-gzip" && encoding != "deflate")
    return error{
        errc::malformed, url.shown,
        "the answer is encoded as \"" + encoding.substr(0, 40) + "\", which was not asked for"};
  auto inflated = inflate_body(message.body(), r.max_bytes);
  if (!inflated) return error{inflated.error().code, url.shown, inflated.error().what};
  out.body = *std::move(inflated);
  return out;
}

}  // namespace

bool is_timeout(const boost::system::error_code& ec) {
  return ec == boost::beast::error::timeout || ec == asio::error::operation_aborted;
}

error transport_error(const std::string& shown, std::string_view doing,
                      const boost::system::error_code& ec) {
  if (is_timeout(ec))
    return {errc::timed_out, shown, "no answer in time (" + std::string{doing} + ")"};
  if (ec == http::error::body_limit)
    return {errc::too_large, shown, "the answer is larger than allowed"};
  if (ec == http::error::header_limit)
    return {errc::too_large, shown, "the answer's header is larger than allowed"};
  if (ec == http::error::partial_message)
    return {errc::unavailable, shown, "the connection ended within the answer"};
  if (ec.category() == http::make_error_code(http::error::bad_version).category() &&
      ec != http::error::end_of_stream)
    return {errc::unavailable, shown, "not an HTTP answer: " + ec.message()};
  return {errc::unavailable, shown, std::string{doing} + ": " + ec.message()};
}

answer_reader::answer_reader(const fetch_request& request, const client_url& url)
    : request_(request), url_(url) {
  begin();
}

void answer_reader::begin() {
  parser_.emplace();
  parser_->eager(true);
  parser_->header_limit(max_header_bytes);
  parser_->body_limit(request_.max_bytes);
  if (request_.method == "HEAD") parser_->skip(true);
}

bool answer_reader::take(boost::beast::flat_buffer& from) {
  while (!outcome_ && from.size() > 0) {
    boost::system::error_code ec;
    from.consume(parser_->put(from.data(), ec));
    if (ec == http::error::need_more) return false;
    if (ec)
      fail(ec);
    else if (parser_->is_done())
      conclude(from.size() == 0);
  }
  return outcome_.has_value();
}

// An answer without a length ends with the connection.
void answer_reader::end(boost::system::error_code why) {
  if (outcome_) return;
  if (why != asio::error::eof) return fail(why);
  why = http::error::end_of_stream;
  if (parser_->got_some()) parser_->put_eof(why = {});
  if (why) return fail(why);
  conclude(false);
  if (!outcome_) fail(http::error::end_of_stream);
}

// RFC 9110 15.2: interim answers may come first. One of 101 was not asked for, and what comes
// behind it is not HTTP any more.
void answer_reader::conclude(bool may_be_kept) {
  const auto status = parser_->get().result_int();
  if (status == 101 || (status / 100 == 1 && ++interim_ > max_interim)) {
    outcome_.emplace(
        error{errc::unavailable, url_.shown, "an answer of 101, or too many interim answers"},
        false, false);
  } else if (status / 100 == 1) {
    begin();
  } else {
    const bool keep = parser_->get().keep_alive() && may_be_kept;
    outcome_.emplace(from_wire(parser_->release(), request_, url_), keep, false);
  }
}

void answer_reader::fail(const boost::system::error_code& why) {
  // Whoever wants no body has an answer. One that breaks off, or does not come in time, is none:
  // nobody knows what became of the request.
  if (why == http::error::body_limit && !request_.wants_body) {
    outcome_.emplace(from_wire(parser_->release(), request_, url_), false, false);
    return;
  }
  const bool nothing = interim_ == 0 && !parser_->got_some();
  outcome_.emplace(transport_error(url_.shown, "waiting for the answer", why), false,
                   nothing && !is_timeout(why));
}

}  // namespace interlude::net
