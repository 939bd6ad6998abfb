#include "net/session_audience.hpp"

#include "net/viewer_reader.hpp"

namespace interlude::net {

ads::viewer viewer_of(const session& s) {
  ads::viewer v;
  v.id = s.viewer_id;
  v.session = s.id_text();
  v.country = s.country;
  v.region = s.region;
  v.device_class = s.device_class;
  v.allows = s.allows;
  for (const auto& [name, value] : s.parameters) v.parameters[name] = value;
  return v;
}

ads::viewer viewer_of(const viewer_sources& known, const session& s, const request& req) {
  auto who = viewer_of(s);
  if (const auto says = read_viewer(known, req, {})) {
    who.ip = says->ip;
    who.user_agent = says->user_agent;
    who.accept_language = says->accept_language;
    who.referer = says->referer;
    who.allows.limits_tracking |= says->allows.limits_tracking;
  }
  return who;
}

std::string audience_of(const session& s, const channel_settings& channel) {
  const std::string shown = s.mode == insertion_mode::sgai ? guided_audience
                            : s.audience == 0              ? stitched_audience
                                                           : joined_name(s.audience);
  if (s.common || channel.audiences.is_common()) return shown;
  return audience_key(shown, ads::cohort_of(viewer_of(s), channel.audiences));
}

std::shared_ptr<const stitch::audience> shown_to(const published_ptr& p, const session& s,
                                                 const channel_settings& channel) {
  if (!p || !p->snapshot) return nullptr;
  const auto it = p->snapshot->audiences.find(audience_of(s, channel));
  return it == p->snapshot->audiences.end() ? nullptr : it->second;
}

namespace {

// Whom an audience stands for. Who is one alone is known by what their player says as well.
ads::viewer meant_by(const viewer_sources& known, const channel_settings& channel, const session& s,
                     const request& req) {
  if (s.common) return {};
  return ads::common_to_cohort(
      channel.audiences.per_viewer ? viewer_of(known, s, req) : viewer_of(s), channel.audiences);
}

}  // namespace

const std::string& enter_audience(const viewer_sources& known, channel_view& channel,
                                  verified_session& s, const request& req, steady_time now) {
  if (s.audience.empty()) s.audience = audience_of(s.session, channel.settings);
  if (!s.mark || s.mark->forgotten.load(std::memory_order_relaxed))
    s.mark = channel.audiences.enter(
        s.audience, [&] { return meant_by(known, channel.settings, s.session, req); }, now);
  s.mark->seen.set(now);
  return s.audience;
}

}  // namespace interlude::net
