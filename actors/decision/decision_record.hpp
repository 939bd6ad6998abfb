// What the store keeps of a decision: the answers of the ad server that decided it, as they came.
//
// Read again they are answers to the same question, so one way leads from an answer to ads, and a
// node of another version reads what is kept with what it knows. JSON text with a version.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "actors/decision/ad_inquiry.hpp"

namespace interlude {

struct recorded_answer {
  std::size_t number = 0;  // of the request (ad_inquiry)
  unsigned status = 0;     // 0: there was no answer
  std::string body;
};

struct decision_record {
  std::string server;  // the template of the ad server that was asked
  instant asked_at{}, fresh_until{}, stale_until{};
  std::vector<recorded_answer> answers;  // in the order in which they came
};

std::string write_decision_record(const decision_record& r);
result<decision_record> read_decision_record(std::string_view text);

// What is recorded of an answer.
recorded_answer record_of(std::size_t number, const result<fetch_response>& answer);

// What these answers come to for the same question asked again.
inquiry_result replay(const decision_record& r, inquiry_settings server, ads::viewer who,
                      ads::asked_break what);

}  // namespace interlude
