#include "ads/device/device_class.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace interlude::ads;

namespace {

struct sample {
  const char* user_agent;
  const char* means;
};

const sample players[] = {
    // Apple's player
    {"AppleCoreMedia/1.0.0.20E247 (iPhone; U; CPU OS 16_4 like Mac OS X; en_us)", "phone"},
    {"AppleCoreMedia/1.0.0.21C62 (iPad; U; CPU OS 17_2 like Mac OS X; de_de)", "tablet"},
    {"AppleCoreMedia/1.0.0.21K79 (Apple TV; U; CPU OS 17_0 like Mac OS X; en_us)", "tv"},
    {"AppleCoreMedia/1.0.0.22F66 (Macintosh; U; Intel Mac OS X 13_4; en_us)", "desktop"},
    {"Pluto TV/5.30 (iPhone; iOS 16.5; Scale/3.00)", "phone"},
    {"NewsApp/12 CFNetwork/1408.0.4 Darwin/22.5.0", "unknown"},
    // ExoPlayer and Media3
    {"ExoPlayerDemo/2.18.1 (Linux; Android 9; AFTMM) ExoPlayerLib/2.18.1", "tv"},
    {"NewsApp/3.1 (Linux;Android 12) AndroidXMedia3/1.1.1", "unknown"},
    {"NewsApp/3.1 (Linux;Android 12) ExoPlayerLib/2.19.1", "unknown"},
    {"Dalvik/2.1.0 (Linux; U; Android 13; SM-S911B Build/TP1A.220624.014)", "phone"},
    {"Dalvik/2.1.0 (Linux; U; Android 12; SM-T500 Build/SP1A.210812.016)", "tablet"},
    {"Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8 Build/UQ1A)", "phone"},
    {"Dalvik/2.1.0 (Linux; U; Android 14; Pixel Tablet Build/UQ1A)", "tablet"},
    {"Dalvik/2.1.0 (Linux; U; Android 9; MIBOX4 Build/PI)", "tv"},
    // televisions, and what is plugged into them
    {"Roku/DVP-12.0 (12.0.0.4184-88)", "tv"},
    {"Roku4640X/DVP-7.70 (297.70E04154A)", "tv"},
    {"Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) "
     "76.0.3809.146/6.0 TV Safari/537.36",
     "tv"},
    {"Mozilla/5.0 (Linux; Tizen 2.3; SAMSUNG SM-Z130H) AppleWebKit/537.3 (KHTML, like Gecko) "
     "SamsungBrowser/1.0 Mobile Safari/537.3",
     "phone"},
    {"Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Chrome/79.0.3945.79 Safari/537.36 WebAppManager",
     "tv"},
    {"Mozilla/5.0 (Linux; Android 9; AFTKA Build/PS7633.3445N; wv) AppleWebKit/537.36 (KHTML, "
     "like Gecko) Version/4.0 Chrome/112.0 Mobile Safari/537.36",
     "tv"},
    {"Mozilla/5.0 (Linux; Android 10; BRAVIA 4K VH2 Build/QTG3.200305.006.S292; wv) "
     "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0 Mobile Safari/537.36",
     "tv"},
    {"Mozilla/5.0 (Linux; Android 11.0; Build/RQ1A.210105.002) AppleWebKit/537.36 (KHTML, like "
     "Gecko) Chrome/88.0.4324.152 Safari/537.36 CrKey/1.56.500000 DeviceType/AndroidTV",
     "tv"},
    {"Mozilla/5.0 (X11; Linux armv7l) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/90.0.4430.225 "
     "Safari/537.36 CrKey/1.56.500000 DeviceType/Chromecast",
     "tv"},
    {"HbbTV/1.5.1 (+DRM; Samsung; SmartTV2021; T-NKMDEUC-1500.0; ;) Firefox/79", "tv"},
    {"Mozilla/5.0 (Linux; U; Linux; en) VIDAA/6.0 (Hisense; 55A7G; V0000.06.12) Safari/537", "tv"},
    {"Mozilla/5.0 (Unknown; Linux armv7l) AppleWebKit/537.1+ (KHTML, like Gecko) Safari/537.1+ "
     "LG Browser/6.00.00(+mouse; LGE; 42LN575S; NetCast)",
     "tv"},
    {"Mozilla/5.0 (X11; Linux armv7l) AppleWebKit/537.36 Chrome/83.0 Safari/537.36 SmartCast/1.0 "
     "(Vizio)",
     "tv"},
    {"Mozilla/5.0 (QtEmbedded; U; Linux; C) AppleWebKit/533.3 (KHTML, like Gecko) MAG200 stbapp "
     "ver: 2 rev: 250 Safari/533.3 Infomir",
     "set-top-box"},
    {"WPE STB/1.0 (Linux armv7l)", "set-top-box"},
    {"Mozilla/5.0 (Linux armv7l) Sky_STB_HDMI_2018/1.0.0 (Sky, EM150UK,)", "set-top-box"},
    // consoles and headsets
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox One) AppleWebKit/537.36 (KHTML, like "
     "Gecko) Chrome/48.0.2564.82 Safari/537.36 Edge/20.02",
     "console"},
    {"Mozilla/5.0 (PlayStation; PlayStation 5/6.00) AppleWebKit/605.1.15 (KHTML, like Gecko)",
     "console"},
    {"Mozilla/5.0 (PlayStation 4 9.00) AppleWebKit/605.1.15 (KHTML, like Gecko)", "console"},
    {"Mozilla/5.0 (Nintendo Switch; WebApplet) AppleWebKit/609.4 (KHTML, like Gecko) NF/6.0.2",
     "console"},
    {"Mozilla/5.0 (Linux; Android 12; Quest 3) AppleWebKit/537.36 (KHTML, like Gecko) "
     "OculusBrowser/31.0 SamsungBrowser/4.0 Chrome/120.0 VR Safari/537.36",
     "headset"},
    // browsers
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
     "Gecko) Version/17.2 Mobile/15E148 Safari/604.1",
     "phone"},
    {"Mozilla/5.0 (iPad; CPU OS 12_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
     "Version/12.1 Mobile/15E148 Safari/604.1",
     "tablet"},
    {"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Chrome/120.0.0.0 Mobile Safari/537.36",
     "phone"},
    {"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Chrome/120.0.0.0 Safari/537.36",
     "tablet"},
    {"Mozilla/5.0 (Android 13; Tablet; rv:121.0) Gecko/121.0 Firefox/121.0", "tablet"},
    {"Mozilla/5.0 (Linux; Android 9; KFMAWI) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Silk/108.4.6 like Chrome/108.0.5359.160 Safari/537.36",
     "tablet"},
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0",
     "desktop"},
    {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
     "Version/17.2 Safari/605.1.15",
     "desktop"},
    {"Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0", "desktop"},
    {"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Chrome/120.0.0.0 Safari/537.36",
     "desktop"},
    {"Mozilla/5.0 (Mobile; Windows Phone 8.1; Android 4.0; ARM; Trident/7.0; rv:11.0; "
     "NOKIA; Lumia 520) like iPhone OS 7_0_3 Mac OS X AppleWebKit/537 (KHTML, like Gecko)",
     "phone"},
    // players that say nothing of where they run
    {"VLC/3.0.18 LibVLC/3.0.18", "unknown"},
    {"Lavf/58.76.100", "unknown"},
    {"curl/7.88.1", "unknown"},
    {"", "unknown"},
};

std::string hinted(const client_hints& hints, std::string_view user_agent = "Mozilla/5.0") {
  return to_string(classify_device(user_agent, hints));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(device_classes)

BOOST_AUTO_TEST_CASE(players_are_known_by_what_they_call_themselves) {
  for (const auto& s : players)
    BOOST_TEST(std::string{to_string(classify_device(s.user_agent))} == s.means, s.user_agent);
}

BOOST_AUTO_TEST_CASE(hints_say_what_a_browser_leaves_out) {
  BOOST_TEST(hinted({"?1", "\"Android\"", ""}) == "phone");
  BOOST_TEST(hinted({"?0", "\"Android\"", ""}) == "tablet");
  BOOST_TEST(hinted({"", "\"Android\"", ""}) == "unknown");
  BOOST_TEST(hinted({"?0", "\"Windows\"", ""}) == "desktop");
  BOOST_TEST(hinted({"?0", "\"macOS\"", ""}) == "desktop");
  BOOST_TEST(hinted({"?0", "\"Linux\"", ""}) == "unknown");
  BOOST_TEST(hinted({"?0", "\"Android\"", "\"Automotive\""}) == "car");
  BOOST_TEST(hinted({"?1", "\"Android\"", "\"Tablet\", \"Desktop\""}) == "tablet");
  BOOST_TEST(hinted({"?0", "\"Android\"", "\"XR\""}) == "headset");
  BOOST_TEST(hinted({"yes", "Android", "Tablet"}) == "unknown");
}

BOOST_AUTO_TEST_CASE(what_names_the_device_outweighs_hints) {
  BOOST_TEST(hinted({"?1", "\"Android\"", ""}, "Mozilla/5.0 (Linux; Android 9; AFTKA)") == "tv");
  BOOST_TEST(hinted({"?0", "\"Windows\"", ""}, "Mozilla/5.0 (Windows NT 10.0; Xbox)") == "console");
}

BOOST_AUTO_TEST_CASE(what_is_long_is_not_read_to_its_end) {
  BOOST_TEST(to_string(classify_device(std::string(512, 'x') + "iPhone")) == "unknown");
  BOOST_TEST(to_string(classify_device(std::string(1'000'000, '('))) == "unknown");
}

BOOST_AUTO_TEST_SUITE_END()
