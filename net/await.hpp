// Waits in a coroutine for something that answers by calling a function, from whatever thread.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
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

}  // namespace interlude::net
