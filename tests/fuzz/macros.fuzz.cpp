// Whatever a URL of an ad server looks like, filling its macros changes nothing but them.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ads/macros/macros.hpp"

using namespace interlude;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  ads::macro_values values;
  values.set("ERRORCODE", std::int64_t{100});
  values.set("CONTENTID", text);
  values.withhold("IFA");
  const auto filled = ads::fill_macros(text, values);
  if (text.find(']') == std::string_view::npos && text.find("%5") == std::string_view::npos &&
      filled != text)
    std::abort();
  // A value can add nothing that means something in a URL.
  constexpr std::string_view harmless =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()%";
  if (ads::encode_uri_component(text).find_first_not_of(harmless) != std::string::npos)
    std::abort();
  return 0;
}
