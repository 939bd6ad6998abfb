// XML from strangers: ad servers answer with it, and some answer with anything.
//
// Bounded by size and by the number of tags; entities of a document's own are refused (the "billion
// laughs" of XML); what is returned is UTF-8, whatever it came as (UTF-8, UTF-16, UTF-32, Latin-1).
// Names are compared without their namespace prefix and without case: ad servers write both in many
// ways. Errors: errc::too_large; errc::malformed with the place as "byte N"; errc::unsupported for
// an encoding. A value type that moves; to be used by one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "media/core/result.hpp"

namespace interlude::xml {

struct limits {
  std::size_t max_bytes = 2 * 1024 * 1024;
  std::size_t max_tags = 50'000;
};

class document {
 public:
  static result<document> parse(std::string_view text, const limits& bounds = {});

  // The root element.
  pugi::xml_node root() const { return tree_->document_element(); }

 private:
  document() = default;
  std::unique_ptr<pugi::xml_document> tree_;
};

// "vast:Ad" is "Ad".
std::string_view local_name(const pugi::xml_node& node) noexcept;
bool is_named(const pugi::xml_node& node, std::string_view name) noexcept;

// The first child element with this name; an empty node if there is none.
pugi::xml_node child(const pugi::xml_node& parent, std::string_view name) noexcept;

// Calls `f` with each child element of this name, in order.
template <class F>
void each(const pugi::xml_node& parent, std::string_view name, F&& f) {
  for (const auto& node : parent.children())
    if (node.type() == pugi::node_element && is_named(node, name)) f(node);
}

// Text and CDATA sections in it, put together, without white space around them.
std::string text_of(const pugi::xml_node& node);
std::string text_of_child(const pugi::xml_node& parent, std::string_view name);

// Without white space around it; empty if it is not there.
std::string attribute(const pugi::xml_node& node, std::string_view name);
// Decimal digits and nothing else, from 0 to 2^53 (readers of JSON hold no more).
std::optional<std::int64_t> whole_number(std::string_view text) noexcept;
// Nullopt if it is not there, or is none.
std::optional<std::int64_t> number_attribute(const pugi::xml_node& node, std::string_view name);
// xs:boolean: true, false, 1, 0, here in any case; nullopt for anything else.
std::optional<bool> flag_attribute(const pugi::xml_node& node, std::string_view name);

// The element with all that is in it, as XML.
std::string source_of(const pugi::xml_node& node);

}  // namespace interlude::xml
