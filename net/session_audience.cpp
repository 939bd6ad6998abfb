#include "net/session_audience.hpp"

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

std::string audience_of(const session& s, const channel_settings& channel) {
  const std::string shown = s.mode == insertion_mode::sgai ? guided_audience
                            : s.audience == 0              ? stitched_audience
                                                           : joined_name(s.audience);
  if (s.common || channel.audiences.is_common()) return shown;
  return audience_key(shown, ads::cohort_of(viewer_of(s), channel.audiences));
}

const std::string& enter_audience(channel_view& channel, verified_session& s, const request& req,
                                  steady_time now) {
  if (s.audience.empty()) s.audience = audience_of(s.session, channel.settings);
  if (!s.mark || s.mark->forgotten.load(std::memory_order_relaxed))
    s.mark = channel.audiences.enter(
        s.audience,
        [&] {
          if (s.session.common) return ads::viewer{};
          auto who = viewer_of(s.session);
          who.ip = req.peer.to_string();
          who.user_agent = req.header(http::field::user_agent);
          who.accept_language = req.header(http::field::accept_language);
          who.referer = req.header(http::field::referer);
          return ads::common_to_cohort(who, channel.settings.audiences);
        },
        now);
  s.mark->seen.set(now);
  return s.audience;
}

}  // namespace interlude::net
