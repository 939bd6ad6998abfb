#include "net/name_lookup.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <system_error>
#include <thread>

namespace interlude::net {

using namespace std::chrono_literals;

addresses resolve_with_system(const std::string& host, boost::system::error_code& why) {
  using boost::asio::ip::tcp;
  boost::asio::io_context unused(1);
  tcp::resolver resolver(unused);
  // Not address_configured: it hides ::1 and 127.0.0.1 on a machine without a network.
  const auto entries = resolver.resolve(host, "", tcp::resolver::flags{}, why);
  addresses found;
  for (const auto& entry : entries) found.push_back(entry.endpoint().address());
  return found;
}

name_lookup::name_lookup(boost::asio::io_context& io, name_resolver resolve)
    : mailbox_(std::make_shared<mailbox>()) {
  mailbox_->io = &io;
  mailbox_->owner = this;
  mailbox_->resolve = std::move(resolve);
}

name_lookup::~name_lookup() {
  const std::lock_guard lock(mailbox_->mutex);
  mailbox_->io = nullptr;
}

bool name_lookup::has_room(bool from_stranger) const {
  return running_ < max_threads &&
         (!from_stranger || running_for_strangers_ < max_threads_for_strangers);
}

void name_lookup::ask(const std::string& host, bool from_stranger, lookup_waiter& waiter) {
  const auto [entry, is_new] = asked_.try_emplace(host);
  auto& q = entry->second;
  q.waiting.push_back(waiter);
  // A name of ours does not wait in their queue because they asked for it first.
  const bool becomes_own = !is_new && !q.started && q.from_stranger && !from_stranger;
  if (!is_new && !becomes_own) return;
  q.from_stranger = from_stranger;
  if (has_room(from_stranger)) return start(host, q);
  if (const auto* known = remembered(host)) {
    count(q);
    return deliver(mailbox_, host, *known, {}, false);
  }
  (from_stranger ? strangers_ : own_).push_back(host);
}

const addresses* name_lookup::remembered(const std::string& host) const {
  const auto it = known_.find(host);
  const bool holds = it != known_.end() && std::chrono::steady_clock::now() - it->second.at < 10min;
  return holds ? &it->second.found : nullptr;
}

void name_lookup::remember(const std::string& host, const addresses& found) {
  if (known_.size() >= max_remembered && !known_.contains(host))
    known_.erase(std::min_element(known_.begin(), known_.end(), [](const auto& a, const auto& b) {
      return a.second.at < b.second.at;
    }));
  known_.insert_or_assign(host, found_name{found, std::chrono::steady_clock::now()});
}

void name_lookup::count(question& q) {
  q.started = true;
  ++running_;
  if (q.from_stranger) ++running_for_strangers_;
}

void name_lookup::start(const std::string& host, question& q) {
  count(q);
  try {
    std::thread(&name_lookup::look_up, mailbox_, host).detach();
  } catch (const std::system_error& e) {
    deliver(mailbox_, host, {}, {e.code().value(), boost::system::system_category()});
  }
}

void name_lookup::look_up(const std::shared_ptr<mailbox>& to, const std::string& host) {
  boost::system::error_code why;
  auto found = to->resolve(host, why);
  if (!why && found.empty()) why = boost::asio::error::host_not_found;
  deliver(to, host, std::move(found), why);
}

void name_lookup::deliver(const std::shared_ptr<mailbox>& to, const std::string& host,
                          addresses found, const boost::system::error_code& why, bool is_news) {
  const std::lock_guard lock(to->mutex);
  if (!to->io) return;
  boost::asio::post(*to->io, [to, host, found = std::move(found), why, is_news] {
    to->owner->answered(host, found, why, is_news);
  });
}

// A name that moved to the other queue is there twice: what was started, or is gone, is skipped.
void name_lookup::start_queued(std::deque<std::string>& queue, bool from_stranger) {
  while (!queue.empty() && has_room(from_stranger)) {
    const std::string next = std::move(queue.front());
    queue.pop_front();
    const auto entry = asked_.find(next);
    if (entry == asked_.end() || entry->second.started ||
        entry->second.from_stranger != from_stranger)
      continue;
    // Everybody may have left while it was queued.
    if (entry->second.waiting.empty())
      asked_.erase(entry);
    else
      start(next, entry->second);
  }
}

void name_lookup::answered(const std::string& host, const addresses& found,
                           const boost::system::error_code& why, bool is_news) {
  --running_;
  if (!why && is_news) remember(host, found);
  waiters waiting;
  if (const auto entry = asked_.find(host); entry != asked_.end()) {
    if (entry->second.from_stranger) --running_for_strangers_;
    waiting.swap(entry->second.waiting);
    asked_.erase(entry);
  }
  start_queued(own_, false);
  start_queued(strangers_, true);
  while (!waiting.empty()) {
    lookup_waiter& waiter = waiting.front();
    waiting.pop_front();
    waiter.resolved(found, why);
  }
}

}  // namespace interlude::net
