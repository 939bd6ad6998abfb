// A line of the log that programs can read as well: "event=FILLED_AVAIL channel=tv/one ads=2".
//
// What comes from elsewhere (ids of ads, reasons of ad servers) may hold anything and be of any
// length: it cannot break out of its field, nor fill the log. A value is bare if it is plain, else
// in quotes, with what would end it or is not printable escaped as in JSON; of a long one the
// beginning stands there. A field without a value is left out. Events have the names by which
// MediaTailor's logs call the same.
#pragma once

#include <concepts>
#include <string>
#include <string_view>

namespace interlude {

class log_line {
 public:
  static constexpr std::size_t longest_value = 256;

  // `event` and names of fields are the program's own: plain words.
  explicit log_line(std::string_view event) { add("event", event); }

  log_line& add(std::string_view name, std::string_view value);
  log_line& add(std::string_view name, std::integral auto number) {
    return add(name, std::string_view{std::to_string(number)});
  }

  const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
};

}  // namespace interlude
