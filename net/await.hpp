// Waits in a coroutine for something that answers by calling a function, from whatever thread.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <utility>

#include "media/core/result.hpp"
#include "net/http_message.hpp"

namespace interlude::net {

// `start` is given a function to be called exactly once; the coroutine goes on, on its own thread,
// with its argument.
template <class T, class Start>
awaitable<result<T>> await_result(Start start) {
  return asio::async_initiate<const asio::use_awaitable_t<executor>, void(result<T>)>(
      [start = std::move(start)](auto handler) mutable {
        auto on = asio::get_associated_executor(handler);
        auto waiting = std::make_shared<decltype(handler)>(std::move(handler));
        start([waiting, on](result<T> value) {
          asio::post(on, [waiting, value = std::move(value)]() mutable {
            std::move (*waiting)(std::move(value));
          });
        });
      },
      asio::use_awaitable_t<executor>{});
}

// The same, for so long at most: then errc::timed_out, and the answer, if it comes, is dropped.
template <class T, class Start>
awaitable<result<T>> await_result_within(std::chrono::milliseconds patience, Start start) {
  struct waiting {
    waiting(executor on, std::chrono::milliseconds time) : timer(on, time) {}
    asio::basic_waitable_timer<std::chrono::steady_clock,
                               asio::wait_traits<std::chrono::steady_clock>, executor>
        timer;
    result<T> answer = error{errc::timed_out, "", "no answer in time"};
  };
  const auto on = co_await asio::this_coro::executor;
  const auto w = std::make_shared<waiting>(on, patience);
  start([w, on](result<T> value) {
    asio::post(on, [w, value = std::move(value)]() mutable {
      w->answer = std::move(value);
      w->timer.cancel();
    });
  });
  boost::system::error_code woken;
  co_await w->timer.async_wait(asio::redirect_error(asio::use_awaitable_t<executor>{}, woken));
  co_return std::move(w->answer);
}

}  // namespace interlude::net
