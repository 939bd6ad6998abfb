#include "apps/node/vast_command.hpp"

#include <fstream>
#include <istream>
#include <ostream>

#include "ads/vast/json.hpp"
#include "ads/vast/parse.hpp"
#include "media/core/json_text.hpp"

namespace interlude {

namespace {

constexpr auto usage =
    "usage: interlude vast parse FILE\n"
    "  FILE is a VAST answer; - reads it from standard input\n";

// A byte more than is read of an answer, so that what is too large is seen to be.
std::string read_bounded(std::istream& in) {
  std::string text(xml::limits{}.max_bytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

}  // namespace

int run_vast_command(std::span<const std::string> words, std::istream& in, std::ostream& out,
                     std::ostream& err) {
  if (words.size() != 2 || words[0] != "parse") {
    err << usage;
    return 2;
  }
  std::string text;
  if (words[1] == "-") {
    text = read_bounded(in);
  } else {
    std::ifstream file{words[1], std::ios::binary};
    if (!file) {
      err << words[1] << ": cannot be read\n";
      return 1;
    }
    text = read_bounded(file);
  }
  const auto response = vast::parse_vast(text);
  if (!response) {
    err << words[1] << ": VAST error " << vast::number_of(response.error().code) << ": "
        << response.error().what << '\n';
    return 1;
  }
  out << indented_json(vast::to_json(*response)) << '\n';
  return 0;
}

}  // namespace interlude
