// Which file of an ad is played, and what an ad server is told if none is.
#include "ads/vast/playable.hpp"

#include <boost/test/unit_test.hpp>

#include "ads/vast/parse.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace interlude;
using namespace interlude::vast;

namespace {

std::string file(const std::string& name, const std::string& more = "type='video/mp4'") {
  return "<MediaFile " + more + ">http://cdn/" + name + "</MediaFile>";
}

std::string linear(const std::string& files, const std::string& ids = "") {
  return "<Creative>" + ids + "<Linear><MediaFiles>" + files + "</MediaFiles></Linear></Creative>";
}

ad ad_of(const std::string& creatives, const std::string& attributes = "") {
  return parse_vast("<VAST version='4.2'><Ad " + attributes + "><InLine><Creatives>" + creatives +
                    "</Creatives></InLine></Ad></VAST>")
      .value()
      .ads.at(0);
}

std::string chosen(const std::string& files, const play_policy& policy = {}) {
  const auto c = choose_media(ad_of(linear(files)), policy);
  return c ? c->file.url.substr(11) : std::to_string(number_of(c.error().code));
}

int code_of(const ad& a, const play_policy& policy = {}) {
  const auto c = choose_media(a, policy);
  return c ? 0 : number_of(c.error().code);
}

const std::string overlay = "<Creative><NonLinearAds><NonLinear/></NonLinearAds></Creative>";

}  // namespace

BOOST_AUTO_TEST_SUITE(playable_ads)

BOOST_AUTO_TEST_CASE(a_mezzanine_comes_first) {
  const std::string mezzanine =
      "<Mezzanine type='video/quicktime'>http://cdn/master.mov</Mezzanine>";
  BOOST_TEST(chosen(file("big.mp4", "type='video/mp4' height='2160'") + mezzanine) == "master.mov");
  BOOST_TEST(chosen(file("a.mp4"), {.mezzanine_required = true}) == "406");
}

BOOST_AUTO_TEST_CASE(then_the_best_file) {
  BOOST_TEST(chosen(file("low.mp4", "type='video/mp4' height='360' bitrate='9000'") +
                    file("high.mp4", "type='video/mp4' height='1080' bitrate='5000'") +
                    file("higher.mp4", "type='video/MP4' height='1080' bitrate='6000'") +
                    file("live.m3u8", "type='application/x-mpegURL' height='2160'")) ==
             "higher.mp4");
  BOOST_TEST(chosen(file("a.mp4") + file("b.mp4")) == "a.mp4");
  BOOST_TEST(chosen(file("huge.mp4", "type='video/mp4' height='2160' fileSize='9000000000'") +
                    file("fits.mp4")) == "fits.mp4");
}

BOOST_AUTO_TEST_CASE(then_a_stream) {
  BOOST_TEST(chosen(file("a.m3u8", "type='application/vnd.apple.mpegurl'")) == "a.m3u8");
}

BOOST_AUTO_TEST_CASE(what_needs_the_players_help_is_left_out) {
  const auto vpaid = file("ad.js", "type='application/javascript' apiFramework='VPAID'");
  BOOST_TEST(chosen(vpaid) == "901");
  BOOST_TEST(chosen(vpaid + file("a.mp4")) == "a.mp4");
  BOOST_TEST(chosen(file("ad.html", "type='text/html' apiFramework='SIMID'")) == "403");
  BOOST_TEST(chosen(file("ad.swf", "type='application/x-shockwave-flash'")) == "403");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_left_out) {
  BOOST_TEST(chosen("") == "403");
  BOOST_TEST(chosen(file("ad.flv", "type='video/x-flv'")) == "403");
  BOOST_TEST(chosen("<MediaFile type='video/mp4'>ftp://cdn/ad.mp4</MediaFile>") == "403");
  BOOST_TEST(chosen("<MediaFile type='video/mp4'>/ad.mp4</MediaFile>") == "403");
  BOOST_TEST(chosen("<MediaFile type='video/mp4'>file:///etc/passwd</MediaFile>") == "403");
}

BOOST_AUTO_TEST_CASE(what_is_no_linear_video_is_not_played) {
  BOOST_TEST(code_of(ad_of(overlay)) == 201);
  BOOST_TEST(code_of(ad_of("<Creative><CompanionAds/></Creative>")) == 200);
  BOOST_TEST(code_of(ad_of(overlay + linear(file("a.mp4")))) == 0);
  const auto audio = ad_of(linear(file("a.mp4")), "adType='audio'");
  BOOST_TEST(code_of(audio) == 200);
  BOOST_TEST(code_of(audio, {.audio_ads = true}) == 0);
  const auto conditional = ad_of(linear(file("a.mp4")), "conditionalAd='true'");
  BOOST_TEST(code_of(conditional) == 408);
  BOOST_TEST(code_of(conditional, {.conditional_ads = true}) == 0);
}

BOOST_AUTO_TEST_CASE(what_is_larger_than_it_may_be_makes_way_for_the_next_best) {
  const auto with_mezzanine = [](const std::string& more) {
    return "<Mezzanine type='video/quicktime' " + more + ">http://cdn/m.mov</Mezzanine>" +
           file("a.mp4", "type='video/mp4' height='1080'") +
           file("b.mp4", "type='video/mp4' height='720'");
  };
  const play_policy small{.max_file_bytes = 1'000'000};
  BOOST_TEST(chosen(with_mezzanine("fileSize='1000001'"), small) == "a.mp4");
  BOOST_TEST(chosen(with_mezzanine("fileSize='1000000'"), small) == "m.mov");
  // A size that is not told is that of the bitrate.
  const auto timed = [&](const std::string& rate) {
    const auto files = file("a.mp4", "type='video/mp4' height='1080' bitrate='" + rate + "'") +
                       file("b.mp4", "type='video/mp4' height='720'");
    const auto c =
        choose_media(ad_of("<Creative><Linear><Duration>00:00:10</Duration><MediaFiles>" + files +
                           "</MediaFiles></Linear></Creative>"),
                     small);
    return c.value().file.url;
  };
  BOOST_TEST(timed("800") == "http://cdn/a.mp4");
  BOOST_TEST(timed("801") == "http://cdn/b.mp4");
  // Nor can all be known: what comes after it is named as well, best first, and not without end.
  auto files = with_mezzanine("");
  for (int i = 0; i < 10; ++i) files += file(std::to_string(i) + ".mp4");
  const auto c = choose_media(ad_of(linear(files))).value();
  BOOST_TEST(c.file.url == "http://cdn/m.mov");
  BOOST_REQUIRE(c.others.size() == 3u);
  BOOST_TEST(c.others[0].url == "http://cdn/a.mp4");
  BOOST_TEST(c.others[1].url == "http://cdn/b.mp4");
}

BOOST_AUTO_TEST_CASE(a_creative_is_known_by_its_universal_id_its_own_or_its_url) {
  const auto key = [](const std::string& ids, const std::string& name = "a.mp4",
                      const std::string& own = "") {
    return choose_media(ad_of("<Creative " + own + ">" + ids + "<Linear><MediaFiles>" + file(name) +
                              "</MediaFiles></Linear></Creative>"))
        .value()
        .creative_key;
  };
  BOOST_TEST(key("") == "url:http://cdn/a.mp4");
  BOOST_TEST(key("", "a.mp4?id=1") == "url:http://cdn/a.mp4?id=1");
  BOOST_TEST(key("<UniversalAdId idRegistry='unknown'>unknown</UniversalAdId>") ==
             "url:http://cdn/a.mp4");
  BOOST_TEST(key("<UniversalAdId idRegistry='unknown'>7</UniversalAdId>"
                 "<UniversalAdId idRegistry='Ad-ID.org'>TRAM0015000H</UniversalAdId>") ==
             "id:ad-id.org:TRAM0015000H@cdn");
  // A cache-buster makes no other creative of it; another id does.
  BOOST_TEST(key("", "a.mp4?cb=1", "id='7'") == "url:http://cdn/a.mp4#7");
  BOOST_TEST(key("", "a.mp4?cb=2", "adId='7'") == "url:http://cdn/a.mp4#7");
}

BOOST_AUTO_TEST_CASE(the_samples_are_played) {
  const auto choice = [](const char* name) {
    const auto r =
        parse_vast(test::read_all(INTERLUDE_SOURCE_DIR "/tests/samples/vast/" + std::string{name}));
    return choose_media(r.value().ads.at(0)).value();
  };
  BOOST_TEST(choice("pod.xml").file.url == "https://cdn.example/tram.mov");
  BOOST_TEST((choice("pod.xml").source == media_source::mezzanine));
  BOOST_TEST(choice("two.xml").file.url == "http://old.example/ad.mp4");
}

BOOST_AUTO_TEST_SUITE_END()
