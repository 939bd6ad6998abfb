// XML as strangers send it: what is read, and what is refused.
#include "ads/xml/xml_document.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

#include "media/core/utf8.hpp"

using namespace interlude;
using namespace std::string_literals;

namespace {

errc refused(std::string_view text, const xml::limits& bounds = {}) {
  const auto d = xml::document::parse(text, bounds);
  BOOST_REQUIRE(!d);
  return d.error().code;
}

std::string root_text(std::string_view text) {
  const auto d = xml::document::parse(text);
  BOOST_REQUIRE_MESSAGE(d, (d ? "" : d.error().message()));
  return xml::text_of(d->root());
}

// As UTF-16, with its mark.
std::string wide(std::u16string_view text, bool big) {
  std::string out = big ? "\xFE\xFF"s : "\xFF\xFE"s;
  for (const auto c : text) {
    const char high = static_cast<char>(c >> 8), low = static_cast<char>(c & 0xFF);
    out += big ? high : low;
    out += big ? low : high;
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(xml_documents)

BOOST_AUTO_TEST_CASE(names_are_found_without_prefix_and_case) {
  const auto d =
      xml::document::parse(R"(<v:VAST xmlns:v="x"><V:Ad ID=" 7 "/><ad id="8"/></v:VAST>)");
  BOOST_REQUIRE(d);
  BOOST_TEST(xml::is_named(d->root(), "VAST"));
  std::string ids;
  xml::each(d->root(), "Ad", [&](const auto& n) { ids += xml::attribute(n, "id"); });
  BOOST_TEST(ids == "78");
}

BOOST_AUTO_TEST_CASE(text_and_cdata_are_put_together) {
  BOOST_TEST(root_text("<a> one <![CDATA[& two]]><!-- no --> &amp; three\n</a>") ==
             "one & two & three");
}

BOOST_AUTO_TEST_CASE(every_usual_encoding_is_read) {
  BOOST_TEST(root_text("\xEF\xBB\xBF<a>\xC3\xA9</a>") == "\xC3\xA9");
  BOOST_TEST(root_text("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>") == "\xC3\xA9");
  BOOST_TEST(root_text(wide(u"<a>\u00e9</a>", true)) == "\xC3\xA9");
  BOOST_TEST(root_text(wide(u"<a>\u00e9</a>", false)) == "\xC3\xA9");
  // Said to be something else, and is not.
  BOOST_TEST(root_text("<?xml version='1.0' encoding='windows-1252'?><a>e</a>") == "e");
}

BOOST_AUTO_TEST_CASE(what_is_in_no_encoding_that_is_read_is_refused) {
  BOOST_TEST((refused("<a>\xE9</a>") == errc::malformed));
  BOOST_TEST(
      (refused("<?xml version='1.0' encoding='Shift_JIS'?><a>\x83\x65</a>") == errc::unsupported));
}

BOOST_AUTO_TEST_CASE(what_is_no_xml_is_refused) {
  for (const char* text : {"", " ", "no", "<a>", "<a></b>", "<a", "<!-- only this -->",
                           "<html><br>", "{\"json\":true}", "<a b=c/>", "<a><![CDATA[</a>"})
    BOOST_TEST_CONTEXT(text) BOOST_TEST((refused(text) == errc::malformed));
  BOOST_TEST((refused("\x1F\x8B\x08\0\0\0\0\0"s) == errc::malformed));
}

BOOST_AUTO_TEST_CASE(entities_of_its_own_are_refused) {
  const auto bomb =
      R"(<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><a>&lol2;</a>)";
  BOOST_TEST((refused(bomb) == errc::malformed));
  BOOST_TEST((refused(R"(<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>)") ==
              errc::malformed));
  BOOST_TEST(root_text("<!DOCTYPE html><a>b</a>") == "b");
}

BOOST_AUTO_TEST_CASE(size_and_tags_are_bounded) {
  BOOST_TEST((refused("<a>" + std::string(100, 'x') + "</a>", {100, 10}) == errc::too_large));
  BOOST_TEST((refused("<a><b/><b/><b/></a>", {100, 3}) == errc::too_large));
  // Ten megabytes, and depth without end.
  BOOST_TEST((refused("<a>" + std::string(10 << 20, 'x') + "</a>") == errc::too_large));
  std::string deep;
  for (int i = 0; i < 60'000; ++i) deep += "<a>";
  BOOST_TEST((refused(deep) == errc::too_large));
}

BOOST_AUTO_TEST_CASE(references_to_what_is_no_character_are_no_text) {
  BOOST_TEST(root_text("<a>&#xD800;</a>") == "");
  BOOST_TEST(root_text("<a>&#x20AC;</a>") == "\xE2\x82\xAC");
}

BOOST_AUTO_TEST_CASE(numbers_are_whole_and_flags_are_flags) {
  const auto d = xml::document::parse(
      R"(<a n="12" m="-1" o="1.5" p="9007199254740993" q="" t="TRUE" f=" 0 " g="yes"/>)");
  BOOST_REQUIRE(d);
  const auto root = d->root();
  BOOST_TEST(xml::number_attribute(root, "n").value() == 12);
  for (const char* none : {"m", "o", "p", "q", "r"})
    BOOST_TEST_CONTEXT(none) BOOST_TEST(!xml::number_attribute(root, none));
  BOOST_TEST(xml::flag_attribute(root, "t").value());
  BOOST_TEST(!xml::flag_attribute(root, "f").value());
  BOOST_TEST(!xml::flag_attribute(root, "g"));
}

BOOST_AUTO_TEST_CASE(utf8_is_told_from_what_is_not) {
  for (const auto* text :
       {"", "a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF"})
    BOOST_TEST(is_utf8(text));
  for (const auto* text : {"\x80", "\xC0\x80", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80", "\xE2\x82",
                           "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xC3\x28"})
    BOOST_TEST(!is_utf8(text));
}

BOOST_AUTO_TEST_SUITE_END()
