#include "ads/vast/parse.hpp"

#include <charconv>
#include <utility>

#include "ads/vast/elements.hpp"

namespace interlude::vast {

using xml::attribute;
using xml::child;
using xml::each;
using xml::flag_attribute;
using xml::number_attribute;
using xml::text_of;
using xml::text_of_child;

namespace {

category read_category(const pugi::xml_node& node, std::string code) {
  return {attribute(node, "authority"), std::move(code)};
}

// 3.19.2: a list of codes in one element.
void read_blocked(const pugi::xml_node& node, std::vector<category>& out) {
  const auto text = text_of(node);
  for (std::size_t at = 0; at < text.size();) {
    const auto comma = std::min(text.find(',', at), text.size());
    const auto first = text.find_first_not_of(" \t\r\n", at);
    if (first < comma) {
      const auto last = text.find_last_not_of(" \t\r\n", comma - 1);
      out.push_back(read_category(node, text.substr(first, last - first + 1)));
    }
    at = comma + 1;
  }
}

verification read_verification(const pugi::xml_node& node) {
  verification v;
  v.vendor = attribute(node, "vendor");
  v.parameters = text_of_child(node, "VerificationParameters");
  v.events = tracking_of(node);
  const auto read = [&](std::string_view name, std::vector<verification_resource>& out) {
    each(node, name, [&](const auto& n) {
      verification_resource r{text_of(n), attribute(n, "apiFramework"), attribute(n, "type"),
                              flag_attribute(n, "browserOptional")};
      if (!r.url.empty()) out.push_back(std::move(r));
    });
  };
  read("JavaScriptResource", v.scripts);
  read("ExecutableResource", v.executables);
  return v;
}

// Until 4.1 they were told as an extension (VAST 4.1, "AdVerifications in earlier versions").
void read_verifications(const pugi::xml_node& node, ad& out) {
  each(node, "AdVerifications", [&](const auto& list) {
    each(list, "Verification",
         [&](const auto& n) { out.verifications.push_back(read_verification(n)); });
  });
}

void read_extensions(const pugi::xml_node& node, ad& out) {
  each(child(node, "Extensions"), "Extension", [&](const auto& n) {
    read_verifications(n, out);
    out.extensions.push_back({attribute(n, "type"), xml::source_of(n)});
  });
}

viewable_impression read_viewable(const pugi::xml_node& node) {
  return {attribute(node, "id"), urls_of(node, "Viewable"), urls_of(node, "NotViewable"),
          urls_of(node, "ViewUndetermined")};
}

// What an <InLine> and a <Wrapper> have in common.
void read_common(const pugi::xml_node& node, ad& out) {
  const auto system = child(node, "AdSystem");
  out.system = {text_of(system), attribute(system, "version")};
  out.impressions = urls_of(node, "Impression");
  out.errors = urls_of(node, "Error");
  each(node, "ViewableImpression",
       [&](const auto& n) { out.viewable_impressions.push_back(read_viewable(n)); });
  if (const auto price = child(node, "Pricing"))
    out.price = pricing{attribute(price, "model"), attribute(price, "currency"), text_of(price)};
  read_verifications(node, out);
  read_extensions(node, out);
  each(child(node, "Creatives"), "Creative",
       [&](const auto& n) { out.creatives.push_back(read_creative(n)); });
}

void read_inline(const pugi::xml_node& node, ad& out) {
  read_common(node, out);
  out.title = text_of_child(node, "AdTitle");
  out.description = text_of_child(node, "Description");
  out.serving_id = text_of_child(node, "AdServingId");
  out.survey = url_of(child(node, "Survey"));
  const auto advertiser = child(node, "Advertiser");
  out.advertiser = {text_of(advertiser), attribute(advertiser, "id")};
  each(node, "Category", [&](const auto& n) {
    if (auto code = text_of(n); !code.empty())
      out.categories.push_back(read_category(n, std::move(code)));
  });
  if (const auto seconds = xml::whole_number(text_of_child(node, "Expires")))
    out.expires = std::chrono::seconds{*seconds};
}

void read_wrapper(const pugi::xml_node& node, ad& out) {
  read_common(node, out);
  wrapper w;
  w.tag_url = url_of(child(node, "VASTAdTagURI"));
  w.follow_additional = flag_attribute(node, "followAdditionalWrappers").value_or(true);
  w.allow_multiple = flag_attribute(node, "allowMultipleAds").value_or(false);
  w.fallback_on_no_ad = flag_attribute(node, "fallbackOnNoAd");
  each(node, "BlockedAdCategories", [&](const auto& n) { read_blocked(n, w.blocked); });
  out.wraps = std::move(w);
}

// What makes it none, or nullptr.
const char* problem_of(const pugi::xml_node& in, const pugi::xml_node& wrapped, const ad& a) {
  if (in && wrapped) return "it has both InLine and Wrapper";
  if (!in && !wrapped) return "it has neither InLine nor Wrapper";
  if (wrapped && a.wraps->tag_url.empty()) return "its Wrapper has no VASTAdTagURI";
  if (in && a.creatives.empty()) return "it has no Creative";
  return nullptr;
}

void read_ad(const pugi::xml_node& node, vast_response& out) {
  ad a;
  a.id = attribute(node, "id");
  a.type = attribute(node, "adType");
  // 3.3: a whole number from 1 on; anything else is no place in a pod.
  a.sequence = number_attribute(node, "sequence");
  if (a.sequence == 0) a.sequence.reset();
  a.conditional = flag_attribute(node, "conditionalAd").value_or(false);
  const auto in = child(node, "InLine"), wrapped = child(node, "Wrapper");
  if (wrapped) read_wrapper(wrapped, a);
  if (in) read_inline(in, a);
  if (const auto* problem = problem_of(in, wrapped, a))
    out.malformed.push_back({std::move(a.id), problem, std::move(a.errors)});
  else
    out.ads.push_back(std::move(a));
}

bool is_supported(std::string_view version) {
  int major = 0;
  const auto [end, failed] =
      std::from_chars(version.data(), version.data() + version.size(), major);
  return failed == std::errc{} && major >= 2 && major <= 4 &&
         (end == version.data() + version.size() || *end == '.');
}

}  // namespace

vast_result<vast_response> read_vast(const pugi::xml_node& root) {
  if (xml::is_named(root, "VideoAdServingTemplate"))
    return vast_error{error_code::version_unsupported, "VAST 1 is not supported"};
  if (!xml::is_named(root, "VAST"))
    return vast_error{error_code::schema, "the root element is <" +
                                              std::string{xml::local_name(root).substr(0, 60)} +
                                              ">, not <VAST>"};
  vast_response out;
  out.version = attribute(root, "version");
  if (!out.version.empty() && !is_supported(out.version))
    return vast_error{error_code::version_unsupported,
                      "VAST " + out.version.substr(0, 20) + " is not supported"};
  out.errors = urls_of(root, "Error");
  each(root, "Ad", [&](const auto& node) { read_ad(node, out); });
  return out;
}

vast_result<vast_response> parse_vast(std::string_view text, const xml::limits& bounds) {
  const auto document = xml::document::parse(text, bounds);
  if (!document) return vast_error{error_code::xml_parsing, document.error().message()};
  return read_vast(document->root());
}

}  // namespace interlude::vast
