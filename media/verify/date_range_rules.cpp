#include "media/verify/date_range_rules.hpp"

#include <algorithm>

#include "media/hls/attribute_list.hpp"

namespace interlude::verify {

using namespace std::chrono_literals;

namespace {

// Nobody is told of a break again that began so long ago.
constexpr auto remembered = std::chrono::hours{1};

std::optional<instant> first_date(const hls::media_playlist& p) {
  return p.segments.empty() ? std::nullopt : p.segments.front().program_date_time;
}

// Where the last segment ends, by the last date that is told.
instant edge_of(const hls::media_playlist& p) {
  instant edge{};
  for (const auto& s : p.segments) edge = s.program_date_time.value_or(edge) + s.length;
  return edge;
}

}  // namespace

std::string told_range::text(const std::string& name) const {
  const auto it = attributes.find(name);
  return it == attributes.end() ? std::string{} : it->second;
}

const told_range* date_range_rules::find(const std::string& id) const {
  const auto it = told_.find(id);
  return it == told_.end() ? nullptr : &it->second;
}

void date_range_rules::add(std::string_view tag, std::vector<std::string>& present,
                           std::vector<std::string>& fresh, std::vector<std::string>& wrong) {
  const hls::attribute_list attributes{tag};
  const auto id = attributes.text("ID");
  const auto start = attributes.date("START-DATE");
  if (!id || !start)
    return wrong.push_back("10: a date range without ID or START-DATE: " + std::string{tag});
  const auto [it, is_new] = told_.try_emplace(std::string{*id});
  if (is_new) fresh.push_back(it->first);
  auto& range = it->second;
  range.start = *start;
  attributes.for_each([&](const hls::attribute& a) {
    const auto [known, added] = range.attributes.try_emplace(std::string{a.name}, a.value);
    if (added || known->second == a.value) return;
    wrong.push_back("10: date range " + it->first + " changed its " + known->first + " from " +
                    known->second + " to " + std::string{a.value});
    known->second = a.value;
  });
  for (const auto* name : {"PLANNED-DURATION", "DURATION", "X-PLAYOUT-LIMIT"})
    if (const auto length = attributes.seconds(name)) range.length = *length;
  if (std::find(present.begin(), present.end(), it->first) == present.end())
    present.push_back(it->first);
}

void date_range_rules::read(const hls::media_playlist& p, std::vector<std::string>& present,
                            std::vector<std::string>& fresh, std::vector<std::string>& wrong) {
  for (const auto& line : p.lines)
    if (line.kind == hls::tag::date_range) add(line.value, present, fresh, wrong);
}

std::vector<std::string> date_range_rules::check(const std::string& rendition,
                                                 const hls::media_playlist& p,
                                                 std::vector<std::string>& fresh) {
  std::vector<std::string> wrong, present;
  read(p, present, fresh, wrong);
  auto& before = latest_[rendition];
  if (const auto from = first_date(p)) {
    // Who was away while all that was listed left the window may have missed that a break ended
    // early.
    const bool missed = before.edge <= *from;
    for (const auto& id : before.ids) {
      const auto& range = told_.at(id);
      const bool gone = std::find(present.begin(), present.end(), id) == present.end();
      if (gone && !missed && range.start + range.length > *from)
        wrong.push_back("10: date range " + id + " is gone, but in the window until " +
                        format_iso8601(range.start + range.length));
    }
    std::erase_if(told_, [&](const auto& entry) {
      return entry.second.start < *from - remembered &&
             std::find(present.begin(), present.end(), entry.first) == present.end();
    });
  }
  // What another rendition shows must stay known for as long as that one is remembered.
  before = {std::move(present), edge_of(p)};
  for (auto& [name, look] : latest_)
    std::erase_if(look.ids, [&](const std::string& id) { return !told_.contains(id); });
  return wrong;
}

}  // namespace interlude::verify
