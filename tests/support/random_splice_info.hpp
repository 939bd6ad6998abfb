// Random messages, each valid: every command and descriptor, every flag, reserved bits of others.
#pragma once

#include <random>

#include "media/scte35/splice_info.hpp"

namespace interlude::test {

scte35::splice_info_section random_splice_info(std::mt19937_64& random);

}  // namespace interlude::test
