#include "media/stitch/timeline_state.hpp"

#include <algorithm>

#include "media/stitch/state_archive.hpp"

namespace interlude::stitch {

namespace json = boost::json;

template <>
constexpr item_kind last_of<item_kind>() {
  return item_kind::bumper;
}
template <>
constexpr cue_source last_of<cue_source>() {
  return cue_source::join;
}
template <>
constexpr break_state last_of<break_state>() {
  return break_state::passed_over;
}
template <>
constexpr scte35::signal_rank last_of<scte35::signal_rank>() {
  return scte35::signal_rank::advertisement;
}

template <>
constexpr rendition_kind last_of<rendition_kind>() {
  return rendition_kind::subtitles;
}

// Found by argument-dependent look-up, from the archives.
template <class Archive>
void describe(Archive& a, rendition_info& r) {
  a("name", r.name);
  a("kind", r.kind);
  a("identity", r.identity);
}

template <class Archive>
void describe(Archive& a, content_segment& s) {
  a("msn", s.msn);
  a("dsn", s.dsn);
  a("start", s.start);
  a("length", s.length);
  a("discontinuity", s.discontinuity);
  a("dated", s.dated);
  a("identity", s.identity);
  a("lines", s.lines);
  a("cue_lines", s.cue_lines);
  a("key_lines", s.key_lines);
  a("map_line", s.map_line);
}

template <class Archive>
void describe(Archive& a, rendition_window& w) {
  a("segments", w.segments);
  a("window_start", w.window_start);
  a("target_duration", w.target_duration);
  a("version", w.version);
  a("independent_segments", w.independent_segments);
  a("ended", w.ended);
  a("start_line", w.start_line);
  a("date_ranges", w.date_ranges);
  a("revision", w.revision);
}

template <class Archive>
void describe(Archive& a, clock_state& c) {
  a("window", c.window);
  a("msn_offset", c.msn_offset);
  a("dsn_offset", c.dsn_offset);
  a("era_offset", c.era_offset);
  a("playlist_first", c.playlist_first);
}

template <class Archive>
void describe(Archive& a, ad_break& b) {
  a("id", b.id);
  a("event_id", b.event_id);
  a("splice_id", b.splice_id);
  a("rank", b.rank);
  a("source", b.source);
  a("state", b.state);
  a("start", b.start);
  a("planned", b.planned);
  a("end", b.end);
  a("waits_for_in", b.waits_for_in);
  a("ended_by_cue", b.ended_by_cue);
  a("out_point", b.out_point);
  a("in_point", b.in_point);
  a("dsn_before", b.dsn_before);
  a("not_before", b.not_before);
}

template <class Archive>
void describe(Archive& a, plan_item& i) {
  a("media", i.media);
  a("kind", i.kind);
  a("name", i.name);
  a("count", i.count);
  a("tracking", i.tracking);
}

template <class Archive>
void describe(Archive& a, plan& p) {
  a("break_id", p.break_id);
  a("items", p.items);
}

template <class Archive>
void describe(Archive& a, plan_position& p) {
  a("item", p.item);
  a("segments", p.segments);
}

template <class Archive>
void describe(Archive& a, splice& s) {
  a("break_id", s.break_id);
  a("plan", s.plan);
  a("out", s.out);
  a("dsn_before", s.dsn_before);
  a("dsn_shift", s.dsn_shift);
  a("carry", s.carry);
  a("delay", s.delay);
  a("follows", s.follows);
  a("shown", s.shown);
  a("resume", s.resume);
  a("resume_dsn", s.resume_dsn);
  a("dsn_shift_after", s.dsn_shift_after);
  a("carry_after", s.carry_after);
  a("followed", s.followed);
}

template <class Archive>
void describe(Archive& a, run& r) {
  a("number", r.number);
  a("count", r.count);
  a("discontinuity", r.discontinuity);
  a("msn", r.msn);
  a("dsn_shift", r.dsn_shift);
  a("media", r.media);
  a("break_id", r.break_id);
  a("item", r.item);
  a("segment", r.segment);
  a("kind", r.kind);
  a("dsn", r.dsn);
  a("start", r.start);
}

template <class Archive>
void describe(Archive& a, track& t) {
  a("runs", t.runs);
  a("next_msn", t.next_msn);
  a("next_number", t.next_number);
  a("dsn_shift", t.dsn_shift);
  a("carry", t.carry);
  a("passed", t.passed);
  a("in_break", t.in_break);
  a("out", t.out);
  a("shown", t.shown);
  a("position", t.position);
}

template <class Archive>
void describe(Archive& a, audience& m) {
  a("key", m.key);
  a("guided", m.guided);
  a("from", m.from);
  a("breaks_from", m.breaks_from);
  a("own", m.own);
  a("decided", m.decided);
  a("carry", m.carry);
  a("dsn_shift", m.dsn_shift);
  a("base_dsn_shift", m.base_dsn_shift);
  a("splices", m.splices);
  a("last_out", m.last_out);
  a("first_splice", m.first_splice);
  a("tracks", m.tracks);
}

template <class Archive>
void describe(Archive& a, timeline_state& s) {
  a("renditions", s.renditions);
  a("clocks", s.clocks);
  a("breaks", s.breaks);
  a("forgotten_breaks", s.forgotten_breaks);
  a("shown_until", s.shown_until);
  a("read_at", s.read_at);
  a("video_has_cues", s.video_has_cues);
  a("slate", s.slate);
}

namespace {

constexpr int state_version = 5;

bool is_sound(const clock_state& c) {
  if (!c.window) return true;
  const auto& s = c.window->segments;
  if (s.empty() || c.window->target_duration <= duration{0}) return false;
  for (std::size_t i = 0; i < s.size(); ++i)
    if (!s[i] || s[i]->msn != s.front()->msn + static_cast<std::int64_t>(i)) return false;
  return true;
}

bool is_sound(const creative_ptr& c, std::size_t renditions) {
  return c && c->tracks.size() == renditions;
}

bool is_sound(const plan_item& i, std::size_t renditions) {
  return is_sound(i.media, renditions) && i.count > 0 &&
         std::all_of(i.media->tracks.begin(), i.media->tracks.end(),
                     [](const creative_track& t) { return !t.segments.empty(); }) &&
         i.count <= std::max_element(i.media->tracks.begin(), i.media->tracks.end(),
                                     [](const creative_track& a, const creative_track& b) {
                                       return a.segments.size() < b.segments.size();
                                     })
                        ->segments.size();
}

bool is_sound(const plan_ptr& p, std::size_t renditions) {
  return p && std::all_of(p->items.begin(), p->items.end(),
                          [&](const plan_item& i) { return is_sound(i, renditions); });
}

bool is_within(plan_position position, const plan& p) {
  return position <= end_of(p);
}

bool is_sound(const run& r, std::size_t index, std::size_t renditions) {
  if (r.is_content()) return true;
  return is_sound(r.media, renditions) &&
         std::size_t{r.segment} + r.count <= r.media->tracks[index].segments.size();
}

// A break that a track is in has to be among the splices that are remembered.
bool is_sound(const track& t, const audience& a, std::size_t index, std::size_t renditions) {
  if (!std::all_of(t.runs.begin(), t.runs.end(),
                   [&](const run& r) { return is_sound(r, index, renditions); }))
    return false;
  if (!t.in_break) return true;
  return t.passed >= a.first_splice && t.passed - a.first_splice < a.splices.size() &&
         is_within(t.position, *a.splices[t.passed - a.first_splice].plan);
}

bool is_sound(const ad_break& b) {
  return (b.state != break_state::running && b.state != break_state::ended) || b.out_point;
}

bool is_sound(const audience& a, std::size_t renditions) {
  const auto sound_plan = [&](const plan_ptr& p) { return is_sound(p, renditions); };
  if (a.tracks.size() != renditions ||
      !std::all_of(a.own.begin(), a.own.end(), [](const ad_break& b) { return is_sound(b); }) ||
      !std::all_of(a.decided.begin(), a.decided.end(), sound_plan) ||
      !std::all_of(a.splices.begin(), a.splices.end(), [&](const splice& s) {
        return sound_plan(s.plan) && is_within(s.shown, *s.plan);
      }))
    return false;
  for (std::size_t i = 0; i < renditions; ++i)
    if (a.tracks[i] && !is_sound(*a.tracks[i], a, i, renditions)) return false;
  return true;
}

bool is_sound(const timeline_state& s) {
  const auto count = s.renditions.size();
  return s.clocks.size() == count && (!s.slate || is_sound(s.slate, count)) &&
         std::all_of(s.breaks.begin(), s.breaks.end(),
                     [](const ad_break& b) { return is_sound(b); }) &&
         std::all_of(s.clocks.begin(), s.clocks.end(),
                     [](const clock_state& c) { return is_sound(c); }) &&
         std::all_of(s.audiences.begin(), s.audiences.end(),
                     [&](const audience& a) { return is_sound(a, count); });
}

}  // namespace

namespace {

json::object parse_part(std::string_view text) {
  // Origins' titles and tags are kept as they came, in whatever encoding.
  json::parse_options options;
  options.allow_invalid_utf8 = true;
  return json::parse(text, {}, options).as_object();
}

}  // namespace

audience_marks marks_of(const audience& a) {
  audience_marks m;
  m.own = a.own;
  m.decided = a.decided;
  for (const auto& sp : a.splices) m.splices.push_back({sp.break_id, sp.plan, sp.shown, sp.resume});
  for (const auto& t : a.tracks) m.numbers.push_back(t ? 1 : 0);
  for (const auto& t : a.tracks)
    if (t) m.numbers.insert(m.numbers.end(), {t->in_break ? 1 : 0, t->dsn_shift});
  return m;
}

std::string write_audience(const audience& a, creative_table& creatives) {
  state_writer writer{creatives};
  describe(writer, const_cast<audience&>(a));
  return json::serialize(writer.take());
}

std::string write_channel(const timeline_state& state, creative_table& creatives) {
  state_writer writer{creatives};
  describe(writer, const_cast<timeline_state&>(state));
  json::array kept;
  for (const auto& [key, c] : creatives) kept.push_back(to_json(*c));
  return json::serialize(json::object{
      {"version", state_version}, {"creatives", std::move(kept)}, {"state", writer.take()}});
}

kept_timeline write_timeline_state(const timeline_state& state) {
  kept_timeline out;
  creative_table creatives;
  for (const auto& a : state.audiences) out.audiences[a.key] = write_audience(a, creatives);
  out.channel = write_channel(state, creatives);
  return out;
}

result<timeline_state> read_timeline_state(const kept_timeline& kept) {
  try {
    const auto o = parse_part(kept.channel);
    if (o.at("version").to_number<int>() != state_version)
      return error{errc::unsupported, "timeline state", "it is of another version"};
    creative_table creatives;
    for (const auto& c : o.at("creatives").as_array()) {
      auto made = std::make_shared<const creative>(creative_from_json(c.as_object()));
      creatives.emplace(made->key, made);
    }
    timeline_state state;
    state_reader reader{o.at("state").as_object(), creatives};
    describe(reader, state);
    for (const auto& [key, text] : kept.audiences) {
      const auto part = parse_part(text);
      state_reader audience_reader{part, creatives};
      describe(audience_reader, state.audiences.emplace_back());
    }
    if (!is_sound(state))
      return error{errc::malformed, "timeline state", "its parts do not fit together"};
    return state;
  } catch (const std::exception& e) {
    return error{errc::malformed, "timeline state", e.what()};
  }
}

}  // namespace interlude::stitch
