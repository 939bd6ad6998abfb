#include "net/http_server.hpp"

#include <pthread.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "net/descriptor_limit.hpp"
#include "net/http_worker.hpp"

namespace interlude::net {

namespace {

using asio::ip::tcp;

// SO_REUSEPORT would let a second node of the same user share the port without a word; a plain bind
// does not.
boost::system::error_code check_free(const tcp::endpoint& at) {
  boost::system::error_code ec;
  asio::io_context io;
  tcp::acceptor probe(io);
  probe.open(at.protocol(), ec);
  if (!ec) probe.set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec) probe.bind(at, ec);
  return ec;
}

// Clients who are told to come again harm nobody; to be out of descriptors harms all.
server_options within_limits(server_options options) {
  const auto descriptors = raise_descriptor_limit();
  const auto possible = connections_within(descriptors, options.max_connections);
  if (possible < options.max_connections)
    spdlog::warn("{} connections at most, not {}: the process may open {} files (ulimit -n)",
                 possible, options.max_connections, descriptors);
  options.max_connections = possible;
  return options;
}

class threaded_server final : public http_server {
 public:
  threaded_server(const server_options& options, std::shared_ptr<request_handler> handler)
      : handler_(std::move(handler)) {
    for (std::size_t i = 0; i < std::max<std::size_t>(options.threads, 1); ++i)
      workers_.push_back(std::make_unique<http_worker>(options, *handler_, counters_));
  }

  ~threaded_server() override { stop(std::chrono::milliseconds{0}); }

  boost::system::error_code listen(const tcp::endpoint& at) {
    const bool shared = workers_.size() > 1;
    boost::system::error_code ec;
    if (shared && at.port() != 0) ec = check_free(at);
    endpoint_ = at;
    for (auto& worker : workers_) {
      if (!ec) ec = worker->listen(endpoint_, shared);
      if (ec) return ec;
      endpoint_ = worker->endpoint();
    }
    return {};
  }

  void start() override {
    const std::lock_guard lock(mutex_);
    if (stopped_ || !threads_.empty()) return;
    running_ = workers_.size();
    for (std::size_t i = 0; i < workers_.size(); ++i)
      threads_.emplace_back([this, &worker = *workers_[i], name = "http-" + std::to_string(i)] {
        // What top -H, perf and the benches tell it from the others by.
        pthread_setname_np(pthread_self(), name.c_str());
        worker.run();
        const std::lock_guard end(mutex_);
        --running_;
        ended_.notify_all();
      });
  }

  tcp::endpoint endpoint() const override { return endpoint_; }
  const server_counters& counters() const override { return counters_; }

  void stop(std::chrono::milliseconds grace) override {
    std::unique_lock lock(mutex_);
    if (stopped_) return;
    stopped_ = true;
    for (auto& worker : workers_) worker->begin_stop();
    ended_.wait_for(lock, grace, [this] { return running_ == 0; });
    lock.unlock();
    for (auto& worker : workers_) worker->abandon();
    for (auto& thread : threads_) thread.join();
    for (auto& worker : workers_) worker->close();
  }

 private:
  std::shared_ptr<request_handler> handler_;
  server_counters counters_;
  std::vector<std::unique_ptr<http_worker>> workers_;
  tcp::endpoint endpoint_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::size_t running_ = 0;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace

result<std::unique_ptr<http_server>> http_server::open(const server_options& options,
                                                       std::shared_ptr<request_handler> handler) {
  try {
    auto server = std::make_unique<threaded_server>(within_limits(options), std::move(handler));
    if (const auto ec = server->listen(options.listen)) {
      const std::string where =
          options.listen.address().to_string() + ":" + std::to_string(options.listen.port());
      return error{errc::unavailable, where, "cannot listen here: " + ec.message()};
    }
    return std::unique_ptr<http_server>(std::move(server));
  } catch (const std::exception& e) {
    return error{errc::internal, "", std::string("cannot start an HTTP server: ") + e.what()};
  }
}

}  // namespace interlude::net
