#include "media/stitch/stand_in.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "media/stitch/rendition_match.hpp"

namespace interlude::stitch {

std::optional<std::vector<std::size_t>> find_stand_ins(std::span<const rendition_info> renditions,
                                                       std::size_t known) {
  std::vector<std::size_t> out;
  for (const auto& wanted : renditions.subspan(known)) {
    std::optional<std::size_t> best;
    const auto distance = [&](std::size_t i) {
      return std::abs(rate_of(renditions[i]) - rate_of(wanted));
    };
    for (std::size_t i = 0; i < known; ++i)
      if (renditions[i].kind == wanted.kind && (!best || distance(i) < distance(*best))) best = i;
    if (!best) return std::nullopt;
    out.push_back(*best);
  }
  return out;
}

creative_ptr track_filler::fill(const creative_ptr& c) {
  if (!c) return nullptr;
  const auto [it, fresh] = filled_.try_emplace(c);
  if (fresh) {
    auto more = std::make_shared<creative>(*c);
    for (const auto from : stand_ins_) more->tracks.push_back(c->tracks.at(from));
    it->second = std::move(more);
  }
  return it->second;
}

plan_ptr track_filler::fill(const plan_ptr& p) {
  if (!p) return nullptr;
  const auto [it, fresh] = plans_.try_emplace(p);
  if (fresh) {
    auto more = std::make_shared<plan>(*p);
    for (auto& item : more->items) item.media = fill(item.media);
    it->second = std::move(more);
  }
  return it->second;
}

void track_filler::fill(audience& a) {
  for (auto& p : a.decided) p = fill(p);
  for (auto& s : a.splices) s.plan = fill(s.plan);
  for (auto& t : a.tracks) {
    if (!t) continue;
    auto more = std::make_shared<track>(*t);
    for (auto& r : more->runs) r.media = fill(r.media);
    t = std::move(more);
  }
  a.tracks.resize(a.tracks.size() + stand_ins_.size());
}

}  // namespace interlude::stitch
