#include "apps/swarm/player_http.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace interlude::swarm {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;

namespace {

constexpr auto use_result = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds patience{20};  // for a whole answer
constexpr std::size_t max_body = 32 * 1024 * 1024;

std::string word_for(const boost::system::error_code& ec) {
  if (ec == asio::error::connection_refused) return "refused";
  if (ec == beast::error::timeout) return "timeout";
  if (ec == http::error::end_of_stream || ec == asio::error::connection_reset ||
      ec == asio::error::broken_pipe || ec == asio::error::eof ||
      ec == http::error::partial_message)
    return "reset";
  return ec.message();
}

}  // namespace

struct player_http::connection {
  connection(const asio::any_io_executor& executor, std::string at)
      : stream(executor), host(std::move(at)) {}
  beast::tcp_stream stream;
  beast::flat_buffer buffer;
  std::string host;  // "127.0.0.1:8080"
};

player_http::player_http(asio::any_io_executor executor) : executor_(std::move(executor)) {}
player_http::~player_http() = default;

// The one that was used last, so that those that a bad moment made too many are closed in time.
std::unique_ptr<player_http::connection> player_http::take_idle(const std::string& host) {
  const auto it =
      std::find_if(idle_.rbegin(), idle_.rend(), [&](const auto& c) { return c->host == host; });
  if (it == idle_.rend()) return nullptr;
  auto out = std::move(*it);
  idle_.erase(std::next(it).base());
  return out;
}

void player_http::close_idle() {
  idle_.clear();
}

// Empty if it is open, else why not.
asio::awaitable<std::string> player_http::open(connection& c) {
  const auto colon = c.host.rfind(':');
  const auto name = c.host.substr(0, colon);
  const auto port = c.host.substr(colon + 1);
  c.stream.expires_after(patience);
  boost::system::error_code ec;
  const auto address = asio::ip::make_address(name, ec);
  if (!ec) {
    const tcp::endpoint to{address, static_cast<std::uint16_t>(std::stoul(port))};
    auto [failed] = co_await c.stream.async_connect(to, use_result);
    co_return failed ? word_for(failed) : std::string{};
  }
  tcp::resolver resolver{executor_};
  auto [unknown, found] = co_await resolver.async_resolve(name, port, use_result);
  if (unknown) co_return word_for(unknown);
  auto [failed, to] = co_await c.stream.async_connect(found, use_result);
  co_return failed ? word_for(failed) : std::string{};
}

asio::awaitable<std::string> player_http::exchange(connection& c, const std::string& target,
                                                   answer& out) {
  http::request<http::empty_body> request{http::verb::get, target, 11};
  request.set(http::field::host, c.host);
  request.set(http::field::user_agent, "interlude-swarm/" INTERLUDE_VERSION);
  request.set(http::field::accept, "*/*");
  c.stream.expires_after(patience);
  auto [unsent, sent] = co_await http::async_write(c.stream, request, use_result);
  if (unsent) co_return word_for(unsent);
  http::response_parser<http::string_body> parser;
  parser.body_limit(max_body);
  auto [unread, count] = co_await http::async_read(c.stream, c.buffer, parser, use_result);
  if (unread) co_return word_for(unread);
  out.status = parser.get().result_int();
  const bool keep = parser.keep_alive();
  out.body = std::move(parser.get().body());
  if (!keep) c.stream.close();
  co_return std::string{};
}

asio::awaitable<result<answer>> player_http::get(std::string url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed || parsed->scheme() != "http")
    co_return error{errc::malformed, url, "is no http URL"};
  const std::string port{parsed->has_port() ? parsed->port() : "80"};
  const auto host = std::string{parsed->host()} + ':' + port;
  std::string target{parsed->encoded_resource()};
  if (target.empty()) target = "/";
  const auto begun = std::chrono::steady_clock::now();
  answer out;
  std::string why;
  auto c = take_idle(host);
  if (c) {
    why = co_await exchange(*c, target, out);
    // The other side may have closed it while nobody looked: that is no failure yet.
    if (why == "reset") c.reset();
  }
  if (!c) {
    c = std::make_unique<connection>(executor_, host);
    why = co_await open(*c);
    if (why.empty()) why = co_await exchange(*c, target, out);
  }
  if (!why.empty()) co_return error{errc::unavailable, host, why};
  out.elapsed = std::chrono::duration_cast<duration>(std::chrono::steady_clock::now() - begun);
  if (c->stream.socket().is_open()) idle_.push_back(std::move(c));
  co_return out;
}

}  // namespace interlude::swarm
