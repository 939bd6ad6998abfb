#include "ads/frequency/ad_identity.hpp"

#include <string_view>

#include "media/core/lowered.hpp"

namespace interlude::ads {

std::string campaign_of(const vast::resolved_ad& ad) {
  return ad.content.id.empty() ? "" : ad.content.system.text + '\n' + ad.content.id;
}

std::string advertiser_of(const vast::ad& ad) {
  auto name = lowered(ad.advertiser.text.empty() ? ad.advertiser.id : ad.advertiser.text);
  // A name has spaces, or no dot, and stays as it is.
  std::string_view domain = name;
  for (const std::string_view start : {"https://", "http://", "www."})
    if (domain.starts_with(start)) domain.remove_prefix(start.size());
  if (domain.find(' ') != domain.npos || domain.find('.') == domain.npos) return name;
  return std::string{domain.substr(0, domain.find_first_of("/?#:"))};
}

}  // namespace interlude::ads
