#include "actors/beacon/beacon_record.hpp"

#include "media/core/lowered.hpp"
#include "media/core/stable_hash.hpp"
#include "media/core/url_host.hpp"
#include "storage/packed.hpp"

namespace interlude {

namespace {

constexpr std::uint64_t format = 1;

error no_record() {
  return {errc::malformed, "", "this is no record of a tracking request"};
}

constexpr int texts = 7;

// Both ways in the same order; url() and channel() look at the first two.
template <class Record, class F>
void each_text(Record& r, F f) {
  for (auto* text : {&r.what.url, &r.what.channel, &r.what.event, &r.what.ad, &r.what.break_id,
                     &r.what.session, &r.problem})
    f(*text);
}

// What is no text stands in front.
struct record_head {
  bool known = false;  // else it is of another version, or no record
  instant accepted{};
  std::uint64_t attempts = 0;
};

record_head read_head(storage::unpacker& in) {
  record_head out;
  out.known = in.number() == format;
  out.accepted = instant{duration{static_cast<duration::rep>(in.number())}};
  out.attempts = in.number();
  return out;
}

template <class F>
void each_header(storage::unpacker& in, F f) {
  for (auto count = in.number(); count > 0 && !in.failed(); --count) {
    const auto name = in.text();
    f(name, in.text());
  }
}

}  // namespace

std::string write_beacon(const beacon_record& record) {
  std::string out;
  out.reserve(record.what.url.size() + 512);
  storage::pack(out, format);
  storage::pack(out, static_cast<std::uint64_t>(record.accepted.time_since_epoch().count()));
  storage::pack(out, record.attempts);
  each_text(record, [&](const std::string& text) { storage::pack(out, text); });
  storage::pack(out, static_cast<std::uint64_t>(record.what.headers.size()));
  for (const auto& [name, value] : record.what.headers) {
    storage::pack(out, name);
    storage::pack(out, value);
  }
  return out;
}

result<beacon_record> read_beacon(std::string_view text) {
  storage::unpacker in{text};
  const auto head = read_head(in);
  beacon_record out{{}, head.accepted, head.attempts, {}};
  each_text(out, [&](std::string& to) { to = in.text(); });
  each_header(in, [&](auto name, auto value) { out.what.headers.emplace_back(name, value); });
  if (!head.known || !in.is_whole()) return no_record();
  return out;
}

packed_beacon::packed_beacon(const beacon_record& record)
    : packed_beacon(write_beacon(record), record.accepted, record.attempts) {}

result<packed_beacon> packed_beacon::read(std::string text) {
  storage::unpacker in{text};
  const auto head = read_head(in);
  for (int i = 0; i < texts; ++i) in.text();
  each_header(in, [](auto, auto) {});
  if (!head.known || !in.is_whole()) return no_record();
  return packed_beacon{std::move(text), head.accepted, head.attempts};
}

namespace {

storage::unpacker texts_of(std::string_view packed) {
  storage::unpacker out{packed};
  read_head(out);
  return out;
}

}  // namespace

std::string_view packed_beacon::url() const {
  return texts_of(text_).text();
}

std::string_view packed_beacon::channel() const {
  auto in = texts_of(text_);
  in.text();
  return in.text();
}

std::vector<std::pair<std::string, std::string>> packed_beacon::headers() const {
  auto in = texts_of(text_);
  for (int i = 0; i < texts; ++i) in.text();
  std::vector<std::pair<std::string, std::string>> out;
  out.reserve(4);
  each_header(in, [&](auto name, auto value) { out.emplace_back(name, value); });
  return out;
}

std::uint64_t queue_of(std::string_view url) {
  const auto rest = url.substr(0, url.find("//"));
  return stable_hash(lowered(std::string{rest} + "//" + std::string{host_in(url)}));
}

}  // namespace interlude
