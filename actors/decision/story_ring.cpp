#include "actors/decision/story_ring.hpp"

#include <algorithm>

namespace interlude {

namespace {

double fill_rate_of(const decision_story& s) {
  if (s.wanted <= duration{0}) return 0;
  return std::min(1.0, to_seconds(s.ads_length) / to_seconds(s.wanted));
}

break_line line_of(const break_stories& b) {
  break_line out{b.what, b.stories.size(), b.left_out, 0};
  for (const auto& s : b.stories)
    out.fill_rate += fill_rate_of(*s) / static_cast<double>(b.stories.size());
  return out;
}

}  // namespace

story_ring::entry& story_ring::entry_of(kind& k, const decision_story& story) {
  const auto it = std::find_if(k.breaks.begin(), k.breaks.end(),
                               [&](const entry& e) { return e.kept.what.id == story.break_id; });
  if (it != k.breaks.end()) return *it;
  auto& made = k.breaks.emplace_back();
  made.kept.what = {story.break_id, story.source, story.start, story.wanted};
  return made;
}

const story_ring::entry* story_ring::find(std::string_view break_id) const {
  for (const auto& k : kinds_)
    for (const auto& e : k.breaks)
      if (e.kept.what.id == break_id) return &e;
  return nullptr;
}

// The deque's ends move, what is between them does not: `keep` stays where it is.
void story_ring::make_room(kind& k, const entry& keep, std::size_t size) const {
  while (&k.breaks.front() != &keep &&
         (k.breaks.size() > bounds_.breaks || k.bytes + size > bounds_.bytes)) {
    k.bytes -= k.breaks.front().bytes;
    k.breaks.pop_front();
  }
}

void story_ring::add(story_ptr story) {
  auto& k = kind_of(*story);
  auto& e = entry_of(k, *story);
  auto& stories = e.kept.stories;
  const auto same = std::find_if(stories.begin(), stories.end(), [&](const story_ptr& s) {
    return s->audience == story->audience;
  });
  if (same != stories.end()) {
    k.bytes -= bytes_of(**same);
    e.bytes -= bytes_of(**same);
    stories.erase(same);
  }
  const auto size = bytes_of(*story);
  make_room(k, e, size);
  if (stories.size() >= bounds_.audiences || k.bytes + size > bounds_.bytes) {
    ++e.kept.left_out;
    return;
  }
  k.bytes += size;
  e.bytes += size;
  stories.push_back(std::move(story));
}

std::vector<break_line> story_ring::lines() const {
  std::vector<break_line> out;
  for (const auto& k : kinds_)
    for (const auto& e : k.breaks) out.push_back(line_of(e.kept));
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.what.start < b.what.start; });
  return out;
}

result<break_stories> story_ring::of(std::string_view break_id, std::string_view audience) const {
  if (const auto* known = find(break_id)) {
    auto out = known->kept;
    if (!audience.empty())
      std::erase_if(out.stories, [&](const story_ptr& s) { return s->audience != audience; });
    return out;
  }
  return error{errc::not_found, std::string{break_id},
               "nothing was decided for such a break, or it is long ago"};
}

}  // namespace interlude
