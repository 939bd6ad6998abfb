// What players do by chance, and what they choose to play. Everything follows from the seed.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "media/core/result.hpp"
#include "media/core/time.hpp"

namespace interlude::swarm {

struct habits {
  duration ramp{std::chrono::seconds{10}};  // players come within this time
  double guided = 0.25;                     // shares of sessions, 0 to 1
  double all_renditions = 0.2;
  double ads = 1;        // of the ad segments of a playlist that are fetched
  double content = 0;    // and of those of the origin
  duration stay{0};      // how long a player stays on average; 0: until the end
  double resumes = 0.5;  // of those who left: come back to the session they had
};

class player_model {
 public:
  player_model(const habits& h, std::uint64_t seed);

  duration arrival();
  bool guided() { return happens(habits_.guided); }
  bool all_renditions() { return happens(habits_.all_renditions); }
  bool fetches_ads() { return habits_.ads >= 1 || happens(habits_.ads); }
  bool fetches_content() { return habits_.content > 0 && happens(habits_.content); }
  bool resumes() { return happens(habits_.resumes); }
  bool leaves() const { return habits_.stay > duration{0}; }
  duration stay();   // exponential around the average, a second at least
  duration pause();  // from one to forty seconds: shorter and longer than a window
  std::size_t pick(std::size_t count);
  duration within(duration longest);

 private:
  bool happens(double share) { return std::uniform_real_distribution<>{}(chance_) < share; }

  habits habits_;
  std::minstd_rand chance_;
};

struct chosen_rendition {
  std::string name;  // "v0", as the node calls it
  std::string url;
};

// What is played of the multivariant playlist at `base`: a variant with the audio and subtitles of
// its groups, or everything.
result<std::vector<chosen_rendition>> choose_renditions(const std::string& multivariant,
                                                        const std::string& base, bool all,
                                                        player_model& model);

}  // namespace interlude::swarm
