#include "net/http_client.hpp"

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "net/endpoint_pool.hpp"
#include "net/fetch_ticket.hpp"
#include "net/http_exchange.hpp"

namespace interlude::net {

using namespace std::chrono_literals;

namespace {

using clock = std::chrono::steady_clock;
using ticket_ptr = std::shared_ptr<fetch_ticket>;

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
    auto t = std::make_shared<fetch_ticket>(std::move(request), std::move(done));
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

  void fetch_all(std::vector<tagged_request> all, const std::shared_ptr<answer_tray>& to) override {
    requests_.fetch_add(all.size(), std::memory_order_relaxed);
    std::vector<ticket_ptr> taken, refused;
    for (auto& one : all) taken.push_back(std::make_shared<fetch_ticket>(std::move(one), to));
    {
      const std::lock_guard lock{mutex_};
      if (stopping_) return;  // the tickets answer as they go
      while (live_.size() + taken.size() > options_.max_waiting && !taken.empty()) {
        refused.push_back(std::move(taken.back()));
        taken.pop_back();
      }
      live_.insert(taken.begin(), taken.end());
    }
    for (const auto& t : refused)
      t->answer(error{errc::unavailable, "client", "too many requests are waiting"});
    asio::post(io_, [this, taken = std::move(taken)] {
      for (const auto& t : taken)
        if (!run_at_once(t)) asio::co_spawn(io_, run(t), asio::detached);
    });
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
    put_down();
    for (const auto& t : std::exchange(live_, {}))
      t->answer(error{errc::unavailable, t->request.url.substr(0, t->request.url.find('?')),
                      "the client is shutting down"});
  }

 private:
  awaitable<void> run(ticket_ptr t) {
    auto answer = co_await follow(*t);
    finish(std::move(t), std::move(answer));
  }

  // What is small, and goes to a host that has a quiet connection: most tracking requests. False:
  // it is not, or something came in between.
  bool run_at_once(const ticket_ptr& t) {
    const auto& r = t->request;
    if (r.method != "GET" || !r.body.empty() || r.max_redirects > 0 || why_unsafe(r)) return false;
    auto url = locate(*t, r.url, 0);
    if (!url || url->endpoint.tls) return false;
    const auto it = pools_.find(url->endpoint);
    if (it == pools_.end() || it->second->busy >= options_.max_connections_per_host) return false;
    const auto connection = it->second->take_idle(100ms);
    if (!connection) return false;
    ++it->second->busy;
    const auto place = std::make_shared<const pool_place>(it->second, stopping_);
    reused_.fetch_add(1, std::memory_order_relaxed);
    auto done = [this, t, connection, place](exchange_outcome o) {
      if (!o.response && o.nothing_came) return asio::co_spawn(io_, run(t), asio::detached);
      if (o.response) o.response->final_url = t->request.url;
      if (!stopping_ && o.reusable) place->pool->put_back(connection);
      finish(t, std::move(o.response));
    };
    return connection->ask(r, *std::move(url), options_.user_agent, t->deadline, std::move(done));
  }

  void finish(ticket_ptr t, result<fetch_response> answer) {
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
    if (!t->tray()) return t->answer(std::move(answer));
    // Behind everything that is ready now.
    if (answered_.empty()) asio::post(io_, [this] { put_down(); });
    t->keep(std::move(answer));
    answered_.push_back(std::move(t));
  }

  void put_down() {
    for (auto& [to, answers] : bundles_of(std::exchange(answered_, {})))
      to->put(std::move(answers));
  }

  static std::optional<error> why_unsafe(const fetch_request& r) {
    if (!is_safe_header(r.method, ""))
      return error{errc::malformed, "method", "a method that cannot be sent"};
    for (const auto& [name, value] : r.headers)
      if (!is_safe_header(name, value))
        return error{errc::malformed, "header", "a header that cannot be sent"};
    return std::nullopt;
  }

  result<client_url> locate(const fetch_ticket& t, const std::string& url, int redirects) const {
    auto out = parse_client_url(url);
    if (!out) return out;
    out->from_stranger = t.request.from_stranger || (t.request.stranger_redirects && redirects > 0);
    out->endpoint.public_only = out->from_stranger && !options_.strangers_may_be_private;
    return out;
  }

  // The request and where it is redirected to.
  awaitable<result<fetch_response>> follow(fetch_ticket& t) {
    if (auto why = why_unsafe(t.request)) co_return *std::move(why);
    auto url = t.request.url;
    for (int redirects = 0;; ++redirects) {
      const auto parsed = locate(t, url, redirects);
      if (!parsed) co_return parsed.error();
      auto answer = co_await once(t, *parsed);
      if (!answer) co_return answer;
      const auto s = answer->status;
      const bool redirected = (s == 301 || s == 302 || s == 303 || s == 307 || s == 308) &&
                              !answer->location.empty() &&
                              (t.request.method == "GET" || t.request.method == "HEAD");
      if (!redirected || t.request.max_redirects <= 0) {  // else the caller sees to it
        answer->final_url = std::move(url);
        co_return answer;
      }
      if (redirects >= t.request.max_redirects)
        co_return error{errc::malformed, parsed->shown, "too many redirects, or a loop of them"};
      auto next = follow_location(url, answer->location);
      if (!next) co_return next.error();
      url = *std::move(next);
    }
  }

  // One exchange; a kept connection that had silently died is replaced once.
  awaitable<result<fetch_response>> once(fetch_ticket& t, const client_url& url) {
    // Shared: the sweeper may forget an unused pool before a waiter that gave up has noticed.
    auto& known = pools_[url.endpoint];
    if (!known) known = std::make_shared<endpoint_pool>();
    const auto shared_pool = known;
    auto& pool = *shared_pool;
    if (pool.busy < options_.max_connections_per_host)
      ++pool.busy;
    else if (!co_await wait_for_place(pool, t.deadline))
      co_return error{errc::timed_out, url.shown, "no free connection in time"};
    const pool_place guard{shared_pool, stopping_};
    for (bool again = false;; again = true) {
      auto connection = again ? nullptr : pool.take_idle();
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
      if (!stopping_ && done.reusable) pool.put_back(connection);
      if (!done.response && done.nothing_came && kept) continue;
      co_return std::move(done.response);
    }
  }

  // Waits for a place among the endpoint's connections, first come first served.
  awaitable<bool> wait_for_place(endpoint_pool& pool, clock::time_point deadline) {
    auto turn = std::make_shared<client_timer>(io_.get_executor(), deadline);
    pool.waiting.push_back(turn);
    boost::system::error_code woken;
    co_await turn->async_wait(asio::redirect_error(asio::use_awaitable_t<executor>{}, woken));
    // Cancelled: whoever left gave the place to us. Expired: still in the queue.
    if (woken) co_return true;
    std::erase(pool.waiting, turn);
    co_return false;
  }

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
  std::vector<ticket_ptr> answered_;  // on their way to trays
  // Destroyed first: it ends the coroutines, which still use what stands above.
  asio::io_context io_{1};
  asio::executor_work_guard<executor> work_{io_.get_executor()};
  client_timer sweeper_{io_.get_executor()};
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
