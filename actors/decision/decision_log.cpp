#include "actors/decision/decision_log.hpp"

#include <spdlog/spdlog.h>

#include "actors/decision/skip_reason.hpp"
#include "actors/log_line.hpp"
#include "media/hls/multivariant_playlist.hpp"

namespace interlude {

namespace {

log_line about(const char* event, const decision_wanted& question) {
  log_line line{event};
  line.add("channel", question.what.channel).add("break", question.what.id);
  return line.add("cohort", question.audience);
}

}  // namespace

void log_question(const decision_wanted& question, const inquiry_settings& server) {
  if (!spdlog::should_log(spdlog::level::debug)) return;
  auto line = about("MAKING_ADS_REQUEST", question);
  line.add("server", hls::without_query(server.url)).add("timeout_ms", server.timeout.count());
  spdlog::debug("{}", line.text());
}

void log_answer(const decision_wanted& question, const tier_report& report) {
  auto line = about(event_of(report.outcome), question);
  line.add("server", report.server).add("requests", report.requests);
  line.add("took_ms", report.took.count()).add("ads", report.candidates);
  line.add("skipped", report.skipped.size()).add("why", report.problem);
  // That there is no ad just now is no fault.
  const bool fine = report.candidates > 0 || report.outcome == inquiry_outcome::empty ||
                    report.outcome == inquiry_outcome::empty_vmap;
  spdlog::log(fine ? spdlog::level::info : spdlog::level::warn, "{}", line.text());
}

void log_skipped(const decision_wanted& question, const vast::error_notice& notice) {
  auto line = about("AD_SKIPPED", question);
  line.add("ad", notice.ad_id).add("reason", to_string(reason_of(notice.code)));
  line.add("vast_error", vast::number_of(notice.code)).add("why", notice.what);
  spdlog::info("{}", line.text());
}

}  // namespace interlude
