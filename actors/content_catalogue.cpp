#include "actors/content_catalogue.hpp"

#include <algorithm>

namespace interlude {

void content_catalogue::shelf::take(const stitch::window_ptr& window) {
  if (window == latest) return;
  latest = window;
  const auto& listed = window->segments;
  // Numbers that went back are of another life of the channel.
  if (!segments.empty() && listed.back()->msn < segments.back()->msn) segments.clear();
  for (const auto& s : listed)
    if (segments.empty() || s->msn > segments.back()->msn) segments.push_back(s);
  const auto keep_from = listed.front()->start - (window->edge() - listed.front()->start);
  while (segments.front()->end() <= keep_from || segments.size() > 3 * listed.size())
    segments.pop_front();
}

void content_catalogue::observe(const stitch::channel_description& description,
                                const stitch::snapshot& snapshot) {
  const std::lock_guard lock{mutex_};
  const auto count = std::min(description.renditions.size(), snapshot.windows.size());
  for (std::size_t i = 0; i < count; ++i)
    if (snapshot.windows[i])
      shelves_[description.renditions[i].info.name].take(snapshot.windows[i]);
}

std::optional<stitch::content_source> content_catalogue::find(std::string_view rendition,
                                                              std::string_view name) const {
  const std::lock_guard lock{mutex_};
  const auto it = shelves_.find(rendition);
  if (it == shelves_.end()) return std::nullopt;
  const auto& all = it->second.segments;
  if (const auto number = stitch::number_in(name)) {
    const auto found =
        std::lower_bound(all.begin(), all.end(), *number,
                         [](const stitch::segment_ptr& s, std::int64_t n) { return s->msn < n; });
    if (found == all.end() || (*found)->msn != *number) return std::nullopt;
    return stitch::source_of(**found, name);
  }
  // Initialisations and keys: asked for where they are new, so from the latest on.
  const stitch::content_segment* later = nullptr;
  for (auto s = all.rbegin(); s != all.rend(); ++s) {
    const bool same = later != nullptr && later->map_line == (*s)->map_line &&
                      later->key_lines == (*s)->key_lines;
    later = s->get();
    if (same) continue;
    if (auto found = stitch::source_of(**s, name)) return found;
  }
  return std::nullopt;
}

bool content_catalogue::knows(std::string_view rendition) const {
  const std::lock_guard lock{mutex_};
  return shelves_.contains(rendition);
}

}  // namespace interlude
