// Options of the programs that have nothing but options.
#pragma once

#include <boost/program_options.hpp>
#include <iostream>
#include <optional>

namespace interlude {

// Fills what `known`, which has "help", refers to. The exit status, if there is nothing more to do:
// 0 when help was asked for and printed, 2 when the options cannot be used.
inline std::optional<int> read_options(int argc, char** argv,
                                       const boost::program_options::options_description& known,
                                       const char* usage) {
  namespace po = boost::program_options;
  try {
    po::variables_map given;
    po::store(po::command_line_parser(argc, argv).options(known).run(), given);
    po::notify(given);
    if (given.count("help") == 0) return std::nullopt;
    std::cout << usage << known;
    return 0;
  } catch (const po::error& e) {
    std::cerr << e.what() << '\n';
    return 2;
  }
}

}  // namespace interlude
