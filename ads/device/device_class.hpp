// What kind of device a player runs on, as far as its User-Agent and client hints tell.
//
// Ad servers ask for it because an ad on a television is sold, and must look, otherwise than one on
// a phone. A stick or box whose only screen is a television counts as one (Roku, Fire TV, Apple TV,
// Chromecast, Android TV); a set-top box is an operator's or says that it is one. What a player
// does not say is not guessed: an iPad whose browser asks for the desktop's pages is a desktop, and
// AndroidXMedia3 or libVLC alone are unknown. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace interlude::ads {

enum class device_class : std::uint8_t {
  unknown,
  phone,
  tablet,
  desktop,
  tv,
  set_top_box,
  console,
  headset,
  car,
};

// "phone", "set-top-box", ...; "unknown".
const char* to_string(device_class d) noexcept;

// Fields of User-Agent Client Hints (W3C), as they came; empty where they did not.
struct client_hints {
  std::string_view mobile;        // Sec-CH-UA-Mobile: ?1
  std::string_view platform;      // Sec-CH-UA-Platform: "Android"
  std::string_view form_factors;  // Sec-CH-UA-Form-Factors: "Tablet", "Desktop"
};

// Of each text the first 512 bytes are read.
device_class classify_device(std::string_view user_agent, const client_hints& hints = {});

}  // namespace interlude::ads
