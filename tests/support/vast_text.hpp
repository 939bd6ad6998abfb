// VAST answers for tests.
#pragma once

#include <string>

namespace interlude::test {

inline std::string vast_of(const std::string& ads) {
  return "<VAST version='4.2'>" + ads + "</VAST>";
}

// Its creative is known as "id:test:<id>@cdn.test", its pixels are at http://<id>.test.
inline std::string inline_ad(const std::string& id, int sequence = 0, int seconds = 8) {
  return "<Ad id='" + id + "'" +
         (sequence > 0 ? " sequence='" + std::to_string(sequence) + "'" : "") +
         "><InLine><AdSystem>test</AdSystem><Impression>http://" + id +
         ".test/i</Impression><Error>http://" + id +
         ".test/e?[ERRORCODE]</Error><Creatives><Creative><UniversalAdId idRegistry='test'>" + id +
         "</UniversalAdId><Linear><Duration>00:00:" + (seconds < 10 ? "0" : "") +
         std::to_string(seconds) +
         "</Duration><MediaFiles><MediaFile type='video/mp4'>http://cdn.test/" + id +
         ".mp4?token=1</MediaFile></MediaFiles></Linear></Creative></Creatives></InLine></Ad>";
}

inline std::string wrapper_ad(const std::string& url, const std::string& id = "w",
                              int sequence = 0) {
  return "<Ad id='" + id + "'" +
         (sequence > 0 ? " sequence='" + std::to_string(sequence) + "'" : "") +
         "><Wrapper allowMultipleAds='1'><AdSystem>test</AdSystem><VASTAdTagURI><![CDATA[" + url +
         "]]></VASTAdTagURI><Error>http://" + id + ".test/e?[ERRORCODE]</Error></Wrapper></Ad>";
}

}  // namespace interlude::test
