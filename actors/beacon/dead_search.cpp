#include "actors/beacon/dead_search.hpp"

#include <algorithm>

#include "media/core/hex.hpp"
#include "media/core/lowered.hpp"
#include "media/core/url_host.hpp"

namespace interlude {

namespace {

constexpr std::size_t read_at_once = 100;

std::string shown_name(std::string_view kept) {
  return to_hex({reinterpret_cast<const std::uint8_t*>(kept.data()), kept.size()});
}

dead_beacon to_dead_beacon(const storage::dead_entry& entry) {
  dead_beacon out{shown_name(entry.name), entry.given_up, std::nullopt};
  if (auto record = read_beacon(entry.record)) out.record = *std::move(record);
  return out;
}

// An IPv6 address has colons of its own, and brackets around them.
std::string_view without_port(std::string_view host) {
  const auto colon = host.rfind(':');
  if (colon == std::string_view::npos || host.find(']', colon) != std::string_view::npos)
    return host;
  return host.substr(0, colon);
}

}  // namespace

std::optional<std::string> kept_name(std::string_view shown) {
  const auto raw = shown.size() == 32 ? from_hex(shown) : std::nullopt;
  if (!raw) return std::nullopt;
  return std::string{raw->begin(), raw->end()};
}

result<std::optional<dead_beacon>> find_dead(const storage::outbox& outbox, std::string_view name) {
  const auto entry = outbox.find_dead(kept_name(name).value_or(""));
  if (!entry) return entry.error();
  return *entry ? std::optional{to_dead_beacon(**entry)} : std::nullopt;
}

bool matches(const dead_filter& filter, const dead_beacon& b) {
  if (filter.channel.empty() && filter.host.empty()) return true;
  if (!b.record) return false;
  const auto& what = b.record->what;
  if (!filter.channel.empty() && filter.channel != what.channel) return false;
  if (filter.host.empty()) return true;
  const auto host = lowered(host_in(what.url));
  return filter.host == host || filter.host == without_port(host);
}

result<dead_search> dead_search::start(std::shared_ptr<const storage::outbox> outbox,
                                       dead_filter filter, std::string_view after, instant until) {
  std::string from;
  if (!after.empty()) {
    auto name = kept_name(after);
    if (!name) return error{errc::malformed, "after", "this is the name of no tracking request"};
    from = *std::move(name);
  }
  return dead_search{std::move(outbox), std::move(filter), std::move(from), until};
}

result<std::vector<dead_beacon>> dead_search::next(std::size_t most, std::size_t look_at) {
  std::vector<dead_beacon> out;
  while (!ended_ && look_at > 0 && out.size() < most) {
    const auto count = std::min(read_at_once, look_at);
    // Reading begins at `position_` itself, which may be gone.
    const auto found = outbox_->dead(position_, count);
    if (!found) return found.error();
    for (const auto& entry : *found) {
      if (out.size() >= most) return out;
      if (entry.given_up > until_) {
        ended_ = true;
        return out;
      }
      position_ = entry.name;
      ++looked_at_;
      if (auto b = to_dead_beacon(entry); matches(filter_, b)) out.push_back(std::move(b));
    }
    look_at -= count;
    ended_ = found->size() < count;
  }
  return out;
}

std::string dead_search::position() const {
  return shown_name(position_);
}

}  // namespace interlude
