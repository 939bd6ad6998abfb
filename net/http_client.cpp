#include "net/http_client.hpp"

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <list>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "net/http_exchange.hpp"

namespace interlude::net {

using namespace std::chrono_literals;

namespace {

using clock = std::chrono::steady_clock;
using timer = asio::basic_waitable_timer<clock, asio::wait_traits<clock>, executor>;
using connection_ptr = std::shared_ptr<client_connection>;

// A request on its way; answers exactly once, at the latest when it is destroyed.
class ticket {
 public:
  ticket(fetch_request r, http_fetcher::callback done)
      : request(std::move(r)), done_(std::move(done)) {}
  ~ticket() {
    answer(error{errc::unavailable, request.url.substr(0, request.url.find('?')),
                 "the client is shutting down"});
  }
  ticket(const ticket&) = delete;
  ticket& operator=(const ticket&) = delete;

  void answer(result<fetch_response> r) {
    if (auto done = std::exchange(done_, nullptr)) done(std::move(r));
  }

  fetch_request request;
  clock::time_point started = clock::now();
  clock::time_point deadline = started + request.timeout;

 private:
  http_fetcher::callback done_;
};

using ticket_ptr = std::shared_ptr<ticket>;

// What is known of one endpoint: connections that wait, how many are busy, and who waits for one.
struct endpoint_pool {
  std::list<connection_ptr> idle;  // latest used first
  std::size_t busy = 0;
  std::deque<std::shared_ptr<timer>> waiting;
};

class pooled_client final : public http_client, public std::enable_shared_from_this<pooled_client> {
 public:
  explicit pooled_client(client_options options)
      : options_(std::move(options)), tls_(asio::ssl::context::tls_client) {
    SSL_CTX_set_min_proto_version(tls_.native_handle(), TLS1_2_VERSION);
    if (options_.ca_file.empty())
      tls_.set_default_verify_paths();
    else
      tls_.load_verify_file(options_.ca_file);
    tls_session_cache::attach(tls_.native_handle());
  }
  ~pooled_client() override { stop(); }

  void start() {
    thread_ = std::thread{[this] { io_.run(); }};
    asio::post(io_, [this] { sweep(); });
  }

  void fetch(fetch_request request, callback done) override {
    requests_.fetch_add(1, std::memory_order_relaxed);
    auto t = std::make_shared<ticket>(std::move(request), std::move(done));
    bool crowded = false;
    {
      const std::lock_guard lock{mutex_};
      if (stopping_) return;  // the ticket answers as it goes
      crowded = live_.size() >= options_.max_waiting;
      if (!crowded) live_.insert(t);
    }
    // Outside of the lock: whoever is answered may ask again at once.
    if (crowded)
      return t->answer(error{errc::unavailable, "client", "too many requests are waiting"});
    asio::co_spawn(io_, run(std::move(t)), asio::detached);
  }

  client_counters_view counters() const override {
    return {requests_.load(), failures_.load(), timeouts_.load(),
            opened_.load(),   reused_.load(),   resumed_.load()};
  }

  void stop() override {
    {
      const std::lock_guard lock{mutex_};
      if (stopping_.exchange(true)) return;
    }
    io_.stop();
    if (thread_.joinable()) thread_.join();
    // Neither sockets nor timers may outlive the io_context.
    for (auto& [where, pool] : pools_) {
      pool->idle.clear();
      pool->waiting.clear();
    }
    for (const auto& t : std::exchange(live_, {}))
      t->answer(error{errc::unavailable, t->request.url.substr(0, t->request.url.find('?')),
                      "the client is shutting down"});
  }

 private:
  awaitable<void> run(ticket_ptr t) {
    auto answer = co_await follow(*t);
    if (!answer) {
      failures_.fetch_add(1, std::memory_order_relaxed);
      if (answer.error().code == errc::timed_out) timeouts_.fetch_add(1, std::memory_order_relaxed);
    } else {
      answer->elapsed = std::chrono::duration_cast<duration>(clock::now() - t->started);
    }
    {
      const std::lock_guard lock{mutex_};
      live_.erase(t);
    }
    t->answer(std::move(answer));
  }

  // The request and where it is redirected to.
  awaitable<result<fetch_response>> follow(ticket& t) {
    if (!is_safe_header(t.request.method, ""))
      co_return error{errc::malformed, "method", "a method that cannot be sent"};
    for (const auto& [name, value] : t.request.headers)
      if (!is_safe_header(name, value))
        co_return error{errc::malformed, "header", "a header that cannot be sent"};
    auto url = t.request.url;
    for (int redirects = 0;; ++redirects) {
      auto parsed = parse_client_url(url);
      if (!parsed) co_return parsed.error();
      parsed->from_stranger =
          t.request.from_stranger || (t.request.stranger_redirects && redirects > 0);
      parsed->endpoint.public_only = parsed->from_stranger && !options_.strangers_may_be_private;
      auto answer = co_await once(t, *parsed);
      if (!answer) co_return answer;
      answer->final_url = url;
      const auto s = answer->status;
      const bool redirected = s == 301 || s == 302 || s == 303 || s == 307 || s == 308;
      if (!redirected || answer->location.empty() ||
          (t.request.method != "GET" && t.request.method != "HEAD"))
        co_return answer;
      if (t.request.max_redirects <= 0) co_return answer;  // the caller sees to it
      if (redirects >= t.request.max_redirects)
        co_return error{errc::malformed, parsed->shown, "too many redirects, or a loop of them"};
      auto next = follow_location(url, answer->location);
      if (!next) co_return next.error();
      url = *std::move(next);
    }
  }

  // One exchange; a kept connection that had silently died is replaced once.
  awaitable<result<fetch_response>> once(ticket& t, const client_url& url) {
    // Shared: the sweeper may forget an unused pool before a waiter that gave up has noticed.
    auto& shared = pools_[url.endpoint];
    if (!shared) shared = std::make_shared<endpoint_pool>();
    const auto kept_alive = shared;
    auto& pool = *kept_alive;
    if (!co_await enter(pool, t.deadline))
      co_return error{errc::timed_out, url.shown, "no free connection in time"};
    const leaving guard{pool, stopping_};
    for (bool again = false;; again = true) {
      auto connection = again ? nullptr : take_idle(pool);
      if (!connection) {
        connection = std::make_shared<client_connection>(
            io_.get_executor(), url.endpoint,
            url.endpoint.tls ? sessions_.of(url.endpoint) : nullptr);
        opened_.fetch_add(1, std::memory_order_relaxed);
        if (auto opened = co_await connection->open(tls_, names_, url, t.deadline); !opened)
          co_return opened.error();
        if (connection->is_resumed()) resumed_.fetch_add(1, std::memory_order_relaxed);
      } else {
        reused_.fetch_add(1, std::memory_order_relaxed);
      }
      const bool kept = connection->used;
      auto done = co_await connection->exchange(t.request, url, options_.user_agent, t.deadline);
      if (done.reusable && !stopping_) {
        connection->idle_since = clock::now();
        pool.idle.push_front(std::move(connection));
      }
      if (!done.response && done.nothing_came && kept) continue;
      co_return std::move(done.response);
    }
  }

  static connection_ptr take_idle(endpoint_pool& pool) {
    while (!pool.idle.empty()) {
      auto c = std::move(pool.idle.front());
      pool.idle.pop_front();
      if (c->is_quiet()) return c;
    }
    return nullptr;
  }

  // Waits for a place among the endpoint's connections, first come first served.
  awaitable<bool> enter(endpoint_pool& pool, clock::time_point deadline) {
    if (pool.busy < options_.max_connections_per_host) {
      ++pool.busy;
      co_return true;
    }
    auto turn = std::make_shared<timer>(io_.get_executor(), deadline);
    pool.waiting.push_back(turn);
    boost::system::error_code woken;
    co_await turn->async_wait(asio::redirect_error(asio::use_awaitable_t<executor>{}, woken));
    // Cancelled: whoever left gave the place to us. Expired: still in the queue.
    if (woken) co_return true;
    std::erase(pool.waiting, turn);
    co_return false;
  }

  struct leaving {
    endpoint_pool& pool;
    const std::atomic<bool>& stopping;
    ~leaving() {
      if (stopping) return;
      while (!pool.waiting.empty()) {
        auto next = std::move(pool.waiting.front());
        pool.waiting.pop_front();
        if (next->cancel() > 0) return;  // the place is handed on
      }
      --pool.busy;
    }
  };

  // Closes what has been idle for long, once a second.
  void sweep() {
    const auto before = clock::now() - options_.idle_timeout;
    for (auto it = pools_.begin(); it != pools_.end();) {
      auto& pool = *it->second;
      while (!pool.idle.empty() && pool.idle.back()->idle_since < before) pool.idle.pop_back();
      const bool unused = pool.idle.empty() && pool.busy == 0 && pool.waiting.empty();
      it = unused ? pools_.erase(it) : std::next(it);
    }
    sweeper_.expires_after(1s);
    sweeper_.async_wait([this](const boost::system::error_code& ec) {
      if (!ec) sweep();
    });
  }

  client_options options_;
  std::atomic<bool> stopping_{false};
  std::atomic<std::uint64_t> requests_{0}, failures_{0}, timeouts_{0}, opened_{0}, reused_{0},
      resumed_{0};
  asio::ssl::context tls_;
  tls_session_cache sessions_;
  std::map<client_endpoint, std::shared_ptr<endpoint_pool>> pools_;
  std::mutex mutex_;
  std::set<ticket_ptr> live_;
  // Destroyed first: it ends the coroutines, which still use what stands above.
  asio::io_context io_{1};
  asio::executor_work_guard<executor> work_{io_.get_executor()};
  timer sweeper_{io_.get_executor()};
  name_lookup names_{io_};
  std::thread thread_;
};

}  // namespace

std::shared_ptr<http_client> http_client::start(client_options options) {
  auto client = std::make_shared<pooled_client>(std::move(options));
  client->start();
  return client;
}

}  // namespace interlude::net
