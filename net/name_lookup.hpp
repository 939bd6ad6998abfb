// Host names to addresses without making anybody wait longer than it wants to.
//
// getaddrinfo() blocks and cannot be cancelled, so each lookup has a thread of its own (a bounded
// number at a time) that nobody ever joins: who has lost patience leaves, and a late answer finds
// nobody waiting. Names that strangers chose may take half of the threads, so that slow ones do not
// keep origins from being found. Equal names asked for at the same time are looked up once. Nothing
// is cached: that is the system resolver's work, and connections are kept alive anyway. But where
// all threads are taken, a name that was found in the last ten minutes is what it was then: slow
// names do not keep others from being found again.
//
// All functions are called on the client's thread, and answers are given there.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/intrusive/list.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace interlude::net {

using addresses = std::vector<boost::asio::ip::address>;

// The addresses of a host; blocks, and may be called on any thread.
using name_resolver =
    std::function<addresses(const std::string& host, boost::system::error_code& why)>;

addresses resolve_with_system(const std::string& host, boost::system::error_code& why);

class lookup_waiter : public boost::intrusive::list_base_hook<
                          boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  // `why` is set when there is no address.
  virtual void resolved(const addresses& found, const boost::system::error_code& why) = 0;

 protected:
  ~lookup_waiter() = default;
};

class name_lookup {
 public:
  static constexpr std::size_t max_threads = 16, max_threads_for_strangers = 8;
  static constexpr std::size_t max_remembered = 4096;

  explicit name_lookup(boost::asio::io_context& io, name_resolver resolve = resolve_with_system);
  ~name_lookup();

  // Answers later, never from within; until then waiter.unlink() withdraws the question.
  void ask(const std::string& host, bool from_stranger, lookup_waiter& waiter);

 private:
  using waiters =
      boost::intrusive::list<lookup_waiter, boost::intrusive::constant_time_size<false>>;
  // Shared with threads that may outlive this object.
  struct mailbox {
    std::mutex mutex;
    boost::asio::io_context* io;  // null once nobody reads answers any more
    name_lookup* owner;
    name_resolver resolve;
  };
  struct question {
    waiters waiting;
    bool started = false;
    bool from_stranger = false;  // counts among theirs
  };

  struct found_name {
    addresses found;
    std::chrono::steady_clock::time_point at;
  };

  bool has_room(bool from_stranger) const;
  const addresses* remembered(const std::string& host) const;
  void remember(const std::string& host, const addresses& found);
  void count(question& q);
  void start(const std::string& host, question& q);
  void start_queued(std::deque<std::string>& queue, bool from_stranger);
  void answered(const std::string& host, const addresses& found,
                const boost::system::error_code& why, bool is_news);
  static void look_up(const std::shared_ptr<mailbox>& to, const std::string& host);
  static void deliver(const std::shared_ptr<mailbox>& to, const std::string& host, addresses found,
                      const boost::system::error_code& why, bool is_news = true);

  std::shared_ptr<mailbox> mailbox_;
  std::unordered_map<std::string, question> asked_;
  std::deque<std::string> own_, strangers_;  // names that wait for a thread
  std::size_t running_ = 0, running_for_strangers_ = 0;
  std::unordered_map<std::string, found_name> known_;
};

}  // namespace interlude::net
