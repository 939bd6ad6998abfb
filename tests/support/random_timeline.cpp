#include "tests/support/random_timeline.hpp"

#include <algorithm>
#include <exception>
#include <random>
#include <sstream>

namespace interlude::test {

namespace {

class dice {
 public:
  explicit dice(std::uint64_t seed) : engine_(seed) {}
  double between(double low, double high) {
    return std::uniform_real_distribution<>{low, high}(engine_);
  }
  std::size_t upto(std::size_t n) {
    return std::uniform_int_distribution<std::size_t>{0, n}(engine_);
  }
  bool chance(double p) { return std::bernoulli_distribution{p}(engine_); }
  template <class T>
  T one_of(std::initializer_list<T> values) {
    return *(values.begin() + static_cast<std::ptrdiff_t>(upto(values.size() - 1)));
  }

 private:
  std::mt19937_64 engine_;
};

random_break make_break(dice& d, double start) {
  random_break b;
  b.start = start;
  b.length = std::round(d.between(6, 60));
  b.duration_told = d.chance(0.85);
  b.date_range = d.chance(0.3);
  b.continued = d.chance(0.5);
  b.in = d.one_of({in_cue::none, in_cue::on_time, in_cue::on_time, in_cue::early, in_cue::late});
  if (!b.duration_told && b.in == in_cue::none) b.in = in_cue::on_time;
  b.in_shift = b.in == in_cue::early  ? d.between(1, b.length * 0.8)
               : b.in == in_cue::late ? d.between(1, 15)
                                      : 0;
  return b;
}

double end_of(const random_break& b) {
  return b.start + b.length +
         (b.in == in_cue::early  ? -b.in_shift
          : b.in == in_cue::late ? b.in_shift
                                 : 0);
}

void put_cues(origin_rendition& r, const random_break& b) {
  const auto end = end_of(b);
  const auto id = "e" + std::to_string(static_cast<int>(b.start));
  if (b.date_range) {
    const auto head =
        "#EXT-X-DATERANGE:ID=\"" + id + "\",START-DATE=\"" + format_iso8601(at(b.start)) + '"';
    const auto planned = b.duration_told
                             ? ",PLANNED-DURATION=" + format_seconds(from_seconds(b.length))
                             : std::string{};
    r.tag(at(b.start), head + planned + ",SCTE35-OUT=0xFC30");
    if (b.in != in_cue::none)
      r.tag(at(end), head + ",END-DATE=\"" + format_iso8601(at(end)) + "\",SCTE35-IN=0xFC30");
    return;
  }
  r.tag(at(b.start), b.duration_told ? "#EXT-X-CUE-OUT:" + format_seconds(from_seconds(b.length))
                                     : "#EXT-X-CUE-OUT");
  if (b.continued || b.in == in_cue::late) {
    for (auto& s : r.segments) {
      if (s.start <= at(b.start) || s.start >= at(end)) continue;
      auto line = "#EXT-X-CUE-OUT-CONT:ElapsedTime=" + format_seconds(s.start - at(b.start));
      if (b.duration_told) line += ",Duration=" + format_seconds(from_seconds(b.length));
      s.tags.push_back(line);
    }
  }
  if (b.in != in_cue::none) r.tag(at(end), "#EXT-X-CUE-IN");
}

origin_rendition make_rendition(const random_timeline& t, const std::string& name, double segment,
                                bool cut) {
  origin_rendition r;
  r.name = name;
  r.window = t.window;
  r.dated = t.dated;
  r.tokens = t.proxied;
  r.target =
      std::chrono::ceil<std::chrono::seconds>(from_seconds(std::max(t.segment, t.audio_segment)));
  for (const auto& b : t.breaks) {
    if (!cut) break;
    r.fill(at(b.start), from_seconds(segment));
    r.fill(at(end_of(b)), from_seconds(segment));
  }
  r.fill(at(t.until + 40), from_seconds(segment));
  return r;
}

std::vector<origin_rendition> make_origin(const random_timeline& t) {
  std::vector<origin_rendition> out;
  for (std::size_t i = 0; i < t.videos; ++i) {
    out.push_back(make_rendition(t, "v" + std::to_string(i), t.segment, t.cut_at_cues));
    for (const auto& b : t.breaks) put_cues(out.back(), b);
  }
  if (t.audio)
    out.push_back(
        make_rendition(t, "a0", t.audio_segment, t.cut_at_cues && t.audio_segment == t.segment));
  // One event of the encoder's: every rendition has it at the boundary nearest to the video's.
  for (const auto d : t.discontinuities) {
    const auto boundary = out.front().segment_at(at(d)).start;
    for (auto& r : out) r.segment_nearest(boundary).discontinuity = true;
  }
  for (std::size_t i = 0; i < out.size() && i < t.delays.size(); ++i)
    out[i].delay = from_seconds(t.delays[i]);
  return out;
}

}  // namespace

random_timeline make_random_timeline(std::uint64_t seed) {
  dice d{seed};
  random_timeline t;
  t.seed = seed;
  t.segment = d.one_of({2.0, 4.0, 4.0, 5.0, 6.0, 6.006});
  t.audio = d.chance(0.4);
  t.audio_segment = t.audio && d.chance(0.5) ? t.segment * 0.96 : t.segment;
  t.videos = 1 + d.upto(2);
  t.window = 4 + d.upto(8);
  t.cut_at_cues = d.chance(0.6);
  t.dated = d.one_of({dates::everywhere, dates::everywhere, dates::first_only});
  for (std::size_t i = 0; i < t.videos + (t.audio ? 1 : 0); ++i)
    t.delays.push_back(d.chance(0.3) ? d.between(0, t.segment) : 0);
  const auto breaks = 1 + d.upto(3);
  double start = 40;
  for (std::size_t i = 0; i < breaks; ++i) {
    start += d.chance(0.15) ? 0 : d.between(10, 60);
    t.breaks.push_back(make_break(d, std::round(start)));
    start = end_of(t.breaks.back());
    if (start > t.until - 60) break;
  }
  if (d.chance(0.3)) t.discontinuities.push_back(d.between(40, t.until));
  t.decision_delay = d.chance(0.3) ? d.between(0, 20) : 0;
  t.slate = d.chance(0.85);
  for (std::size_t i = d.upto(4); i > 0; --i)
    t.pod.push_back(d.one_of({5.0, 10.0, 15.0, 20.0, 30.0, 6.4, 12.52}));
  t.poll = d.between(0.7, t.segment * 0.6);
  for (int i = 0; i < 3; ++i) t.joins.push_back({d.between(30, t.until), 0, false});
  for (int i = 0; i < 3; ++i)
    t.joins.push_back(
        {d.between(34, t.until), d.chance(0.7) ? d.between(5, 60) : 0, d.chance(0.5)});
  if (d.chance(0.4))
    for (std::size_t i = 1 + d.upto(2); i > 0; --i)
      t.kills.push_back({d.between(35, t.until), d.chance(0.7) ? 0 : d.between(0, t.segment)});
  std::sort(t.kills.begin(), t.kills.end(),
            [](const random_kill& a, const random_kill& b) { return a.at < b.at; });
  t.proxied = d.chance(0.5);
  return t;
}

random_timeline make_long_timeline(std::uint64_t seed, double hours) {
  dice d{seed};
  random_timeline t;
  t.seed = seed;
  t.until = hours * 3600;
  t.delays = {0, 0};
  t.shuffled = true;
  t.pod = {5, 10, 15, 20, 30, 6.4, 12.52};
  for (double start = 60; start < t.until - 120; start += 300) {
    t.breaks.push_back(make_break(d, start + std::round(d.between(0, 8))));
    // What is late by 15 s is over long before the next one.
    t.breaks.back().length = std::round(d.between(20, 90));
  }
  t.cut_at_cues = d.chance(0.5);
  t.poll = 3.7;
  return t;
}

std::string describe(const random_timeline& t) {
  std::ostringstream out;
  out << "seed " << t.seed << ": " << t.videos << " videos of " << t.segment << " s";
  if (t.audio) out << ", audio of " << t.audio_segment << " s";
  out << ", window " << t.window << (t.cut_at_cues ? ", cut at cues" : ", not cut at cues")
      << ", dates " << static_cast<int>(t.dated) << ", decision after " << t.decision_delay
      << " s, polls every " << t.poll << " s" << (t.slate ? ", slate" : ", no slate")
      << (t.proxied ? ", proxied" : "") << "\n  delays";
  for (const auto d : t.delays) out << ' ' << d;
  out << "; origin discontinuities";
  for (const auto d : t.discontinuities) out << ' ' << d;
  out << "; pod";
  for (const auto d : t.pod) out << ' ' << d;
  out << "; killed at";
  for (const auto& k : t.kills) out << ' ' << k.at << '+' << k.pause;
  for (const auto& b : t.breaks)
    out << "\n  break at " << b.start << " for " << b.length
        << (b.duration_told ? "" : " (not told)") << ", in " << static_cast<int>(b.in)
        << " shifted " << b.in_shift << (b.date_range ? ", daterange" : "")
        << (b.continued ? ", continued" : "");
  return out.str();
}

namespace {

stitch::join_policy policy_of(const random_join& j) {
  return {from_seconds(j.preroll),
          j.content ? stitch::mid_break_join::content : stitch::mid_break_join::fill};
}

}  // namespace

std::size_t play(const random_timeline& t) {
  stitch::break_policy policy;
  policy.max_break = 120s;
  simulated_channel c{make_origin(t), policy};
  const auto segment = from_seconds(std::min(t.segment, t.audio_segment));
  c.house.clear();
  for (std::size_t i = 0; i < t.pod.size(); ++i)
    c.house.push_back(
        {"ad" + std::to_string(i), make_creative("ad" + std::to_string(i), from_seconds(t.pod[i]),
                                                 c.origin.size(), segment)});
  if (t.pod.size() % 2 == 0) {
    c.opening = make_creative("opening", 1500ms, c.origin.size(), segment);
    c.closing = make_creative("closing", 2s, c.origin.size(), segment);
  }
  c.slate = t.slate ? make_creative("slate", 20s, c.origin.size(), segment) : nullptr;
  c.timeline.set_slate(c.slate);
  c.proxied = t.proxied;
  // Where one rendition is late the others wait for the reference: what they show first may be a
  // segment behind.
  duration lag{0};
  for (const auto d : t.delays) lag = std::max(lag, from_seconds(d));
  if (lag > 0s) lag += from_seconds(t.segment);
  // Without slate nothing bridges the way from a pod's end to the boundary where content may
  // resume.
  if (!t.slate) lag += from_seconds(t.segment);
  // Audio that is cut elsewhere is up to a segment off at each end of what is compared, less what
  // the carry takes back.
  const auto uneven = t.audio_segment == t.segment ? 0us : from_seconds(1.5 * t.audio_segment);
  // A second for where odd ends meet: a pod that ends between boundaries before content that may
  // not go back (7c).
  c.pace_slack = lag + uneven + 1s;

  std::vector<std::pair<instant, stitch::open_decision>> pending;
  dice d{t.seed + 1};
  auto kill = t.kills.begin();
  for (double now = 30; now < t.until; now += t.poll) {
    if (kill != t.kills.end() && now >= kill->at) {
      now += kill++->pause;
      pending.clear();
      c.kill();
    }
    std::vector<std::size_t> order(c.origin.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[d.upto(i - 1)]);
    for (const auto index : order) {
      c.poll(index, at(now));
      for (auto& open : c.timeline.take_open_decisions())
        pending.emplace_back(at(now + t.decision_delay), std::move(open));
      std::erase_if(pending, [&](const auto& p) {
        if (p.first > at(now)) return false;
        if (t.shuffled)
          for (std::size_t i = c.house.size(); i > 1; --i)
            std::swap(c.house[i - 1], c.house[d.upto(i - 1)]);
        c.timeline.decide(p.second.audience, p.second.opportunity.id, c.offer(), nullptr);
        return true;
      });
      c.timeline.advance(at(now));
    }
    c.watch_all("first", at(now));
    for (std::size_t j = 0; j < t.joins.size(); ++j) {
      const auto viewer = "joined" + std::to_string(j);
      if (now < t.joins[j].at) continue;
      const bool there = !t.joins[j].alone() || c.timeline.knows_audience(viewer);
      if (there && d.chance(0.7)) c.watch_all(viewer, at(now));
      // The first playlist of those who are alone comes with the next round.
      if (!there) c.join(viewer, policy_of(t.joins[j]));
    }
  }
  return c.fingerprint;
}

std::string violation_of(const random_timeline& t) {
  try {
    play(t);
    return {};
  } catch (const std::exception& e) {
    return e.what();
  }
}

random_timeline shrink(random_timeline t) {
  const auto still_fails = [&](const random_timeline& smaller) {
    if (violation_of(smaller).empty()) return false;
    t = smaller;
    return true;
  };
  for (bool smaller = true; smaller;) {
    smaller = false;
    const auto attempt = [&](auto&& change) {
      auto candidate = t;
      change(candidate);
      if (describe(candidate) != describe(t)) smaller |= still_fails(candidate);
    };
    for (std::size_t i = 0; i < t.breaks.size(); ++i)
      attempt([&](random_timeline& x) {
        x.breaks.erase(x.breaks.begin() + static_cast<std::ptrdiff_t>(i));
      });
    for (std::size_t i = 0; i < t.kills.size(); ++i)
      attempt([&](random_timeline& x) {
        x.kills.erase(x.kills.begin() + static_cast<std::ptrdiff_t>(i));
      });
    attempt([](random_timeline& x) {
      for (auto& k : x.kills) k.pause = 0;
    });
    attempt([](random_timeline& x) { x.discontinuities.clear(); });
    attempt([](random_timeline& x) { x.proxied = false; });
    attempt([](random_timeline& x) { x.audio = false; });
    attempt([](random_timeline& x) { x.videos = 1; });
    attempt([](random_timeline& x) {
      for (auto& d : x.delays) d = 0;
    });
    attempt([](random_timeline& x) { x.decision_delay = 0; });
    attempt([](random_timeline& x) { x.cut_at_cues = true; });
    attempt([](random_timeline& x) { x.dated = dates::everywhere; });
    attempt([](random_timeline& x) { x.slate = true; });
    attempt([](random_timeline& x) {
      if (x.pod.size() > 1) x.pod.pop_back();
    });
    attempt([](random_timeline& x) { x.segment = x.audio_segment = 4; });
    attempt([](random_timeline& x) { x.window = 8; });
    attempt([](random_timeline& x) { x.poll = 2; });
    for (std::size_t i = 0; i < t.breaks.size(); ++i) {
      attempt([&](random_timeline& x) {
        x.breaks[i].in = in_cue::on_time;
        x.breaks[i].in_shift = 0;
      });
      attempt([&](random_timeline& x) { x.breaks[i].date_range = false; });
      attempt([&](random_timeline& x) { x.breaks[i].continued = false; });
      attempt([&](random_timeline& x) { x.breaks[i].length = 30; });
    }
    for (std::size_t i = 0; i < t.joins.size(); ++i)
      attempt([&](random_timeline& x) {
        x.joins.erase(x.joins.begin() + static_cast<std::ptrdiff_t>(i));
      });
  }
  return t;
}

}  // namespace interlude::test
