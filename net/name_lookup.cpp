#include "net/name_lookup.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <system_error>
#include <thread>

namespace interlude::net {

namespace {

constexpr std::size_t max_threads = 16;

}  // namespace

name_lookup::name_lookup(boost::asio::io_context& io) : mailbox_(std::make_shared<mailbox>()) {
  mailbox_->io = &io;
  mailbox_->owner = this;
}

name_lookup::~name_lookup() {
  const std::lock_guard lock(mailbox_->mutex);
  mailbox_->io = nullptr;
}

void name_lookup::ask(const std::string& host, lookup_waiter& waiter) {
  const auto [entry, is_new] = asked_.try_emplace(host);
  entry->second.push_back(waiter);
  if (!is_new) return;
  if (running_ < max_threads)
    start(host);
  else
    queued_.push_back(host);
}

void name_lookup::start(const std::string& host) {
  ++running_;
  try {
    std::thread(&name_lookup::look_up, mailbox_, host).detach();
  } catch (const std::system_error& e) {
    deliver(mailbox_, host, {}, {e.code().value(), boost::system::system_category()});
  }
}

void name_lookup::look_up(const std::shared_ptr<mailbox>& to, const std::string& host) {
  using boost::asio::ip::tcp;
  boost::asio::io_context unused(1);
  tcp::resolver resolver(unused);
  boost::system::error_code why;
  // Not address_configured: it hides ::1 and 127.0.0.1 on a machine without a network.
  const auto entries = resolver.resolve(host, "", tcp::resolver::flags{}, why);
  addresses found;
  for (const auto& entry : entries) found.push_back(entry.endpoint().address());
  if (!why && found.empty()) why = boost::asio::error::host_not_found;
  deliver(to, host, std::move(found), why);
}

void name_lookup::deliver(const std::shared_ptr<mailbox>& to, const std::string& host,
                          addresses found, const boost::system::error_code& why) {
  const std::lock_guard lock(to->mutex);
  if (!to->io) return;
  boost::asio::post(*to->io, [to, host, found = std::move(found), why] {
    to->owner->answered(host, found, why);
  });
}

void name_lookup::answered(const std::string& host, const addresses& found,
                           const boost::system::error_code& why) {
  --running_;
  waiters waiting;
  if (const auto entry = asked_.find(host); entry != asked_.end()) {
    waiting.swap(entry->second);
    asked_.erase(entry);
  }
  while (!queued_.empty() && running_ < max_threads) {
    const std::string next = std::move(queued_.front());
    queued_.pop_front();
    // Everybody may have left while it was queued.
    if (asked_[next].empty())
      asked_.erase(next);
    else
      start(next);
  }
  while (!waiting.empty()) {
    lookup_waiter& waiter = waiting.front();
    waiting.pop_front();
    waiter.resolved(found, why);
  }
}

}  // namespace interlude::net
