// The audiences of one channel as HTTP threads and the channel's actor both see them: who is meant
// by one, and when one of its viewers was last there.
//
// HTTP threads enter a session's audience when they see the session first, and keep its mark; the
// actor reads whom it asks ad servers for, and forgets those that nobody belongs to any more.
// Thread-safe.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "actors/seen_mark.hpp"
#include "ads/request/ad_request.hpp"

namespace interlude {

struct audience_mark {
  std::shared_ptr<const ads::viewer> who;  // null: not known, since the node began anew
  seen_mark seen;
  std::atomic<bool> forgotten{false};  // it stands in the book no more: enter it again
};
using audience_mark_ptr = std::shared_ptr<audience_mark>;

class audience_book {
 public:
  // Beyond so many a mark is given out, but not entered: nobody will be asked on its behalf.
  void set_limit(std::size_t most) noexcept { most_ = most; }

  // Its mark; it is made, and `who` called, when nobody knows whom the audience stands for.
  audience_mark_ptr enter(std::string_view key, const std::function<ads::viewer()>& who,
                          steady_time now);
  // Of an audience of another life of the node.
  void remember(std::string_view key, steady_time now);
  // Null if it is not known.
  std::shared_ptr<const ads::viewer> who(std::string_view key) const;
  std::size_t size() const;
  // Those that were last seen before `t` are forgotten, if `may_go` says so; their keys.
  std::vector<std::string> forget_unseen(steady_time t,
                                         const std::function<bool(std::string_view)>& may_go);

 private:
  mutable std::mutex mutex_;
  std::map<std::string, audience_mark_ptr, std::less<>> marks_;
  std::size_t most_ = 20'000;
};

}  // namespace interlude
