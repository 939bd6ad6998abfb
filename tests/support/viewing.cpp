#include "tests/support/viewing.hpp"

#include <algorithm>
#include <stdexcept>

namespace interlude::test {

std::string viewing::ads(std::size_t rendition) const {
  std::string out;
  for (const auto& [number, s] : all(rendition)) {
    if (!s.is_ad()) continue;
    // ad/<break>/<item>/c/<key>/<track>/<n>.ts
    const auto key = s.uri.find("/c/") + 3;
    const auto name = s.uri.substr(key, s.uri.find('/', key) - key);
    const auto file = s.uri.rfind('/') + 1;
    out += (out.empty() ? "" : " ") + name + "/" + s.uri.substr(file, s.uri.rfind('.') - file);
  }
  return out;
}

std::vector<int> viewing::content(std::size_t rendition) const {
  std::vector<int> out;
  for (const auto& [number, s] : all(rendition))
    if (!s.is_ad()) out.push_back(std::stoi(s.uri.substr(s.uri.rfind('/') + 1)));
  return out;
}

instant viewing::returned_at() const {
  bool in_break = false;
  for (const auto& [number, shown] : all()) {
    if (in_break && !shown.is_ad()) {
      for (const auto& s : origin_[0].segments)
        if (shown.uri.ends_with("/" + s.uri)) return s.start;
      throw std::runtime_error(shown.uri + " is none of the origin's segments");
    }
    in_break = shown.is_ad();
  }
  throw std::runtime_error("the viewer saw no return from a break");
}

}  // namespace interlude::test
