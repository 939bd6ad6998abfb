// What the tests of conditioning ask for.
#pragma once

#include <boost/test/unit_test.hpp>
#include <memory>
#include <utility>

#include "actors/creative/conditioner.hpp"
#include "tests/support/ffmpeg_sources.hpp"
#include "tests/support/scratch_folder.hpp"

namespace interlude::test {

inline std::shared_ptr<const stitch::ladder> ladder_of(std::vector<stitch::track_format> tracks,
                                                       duration segment) {
  auto l = std::make_shared<stitch::ladder>();
  l->tracks = std::move(tracks);
  l->segment_duration = segment;
  return l;
}

inline conditioning_job job_of(const scratch_folder& folder, const std::string& source,
                               std::vector<stitch::track_format> tracks, duration segment) {
  conditioning_job job;
  job.key = "k";
  job.root = folder.path();
  job.source.path = job.shown = source;
  job.ladder = ladder_of(std::move(tracks), segment);
  return job;
}

inline stitch::creative made(const conditioning_job& job) {
  auto c = condition(job);
  BOOST_REQUIRE_MESSAGE(c, (c ? "" : c.error().message()));
  return std::move(c->media);
}

}  // namespace interlude::test
