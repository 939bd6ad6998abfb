#include "ads/consent/consent.hpp"

#include <boost/test/unit_test.hpp>

#include "media/core/base64.hpp"
#include "media/core/bits.hpp"

using namespace interlude;
using namespace interlude::ads;
using namespace std::string_literals;

namespace {

// A TC string with consent to these purposes (bit 23 of the number is purpose 1).
std::string tc_string(std::uint32_t purposes, unsigned version = 2) {
  bit_writer out;
  out.put(version, 6);
  out.put(17'672'256'000, 36);
  out.put(17'672'256'001, 36);
  out.put(300, 12);
  out.put(1, 12);
  out.put(0, 6);
  out.put(0, 12);
  out.put(48, 12);
  out.put(4, 6);
  out.put(0, 2);
  out.put(0, 12);
  out.put(purposes, 24);
  out.put(0x400000, 24);
  out.put(0, 40);  // the rest: publisher and vendors
  const auto raw = out.take();
  return encode_base64url({reinterpret_cast<const char*>(raw.data()), raw.size()});
}

bool withholds(std::optional<bool> gdpr_applies, const std::string& tcf,
               const std::string& us = "") {
  consent c;
  c.gdpr_applies = gdpr_applies;
  c.tcf = tcf;
  c.us_privacy = us;
  return reason_to_withhold(c) != nullptr;
}

const auto all = tc_string(0xFFFFFF), none = tc_string(0), only_first = tc_string(0x800000);

}  // namespace

BOOST_AUTO_TEST_SUITE(consents)

BOOST_AUTO_TEST_CASE(a_tc_string_is_read) {
  const auto c = parse_tcf(only_first + ".IFoEUQQgAIQwgIwQABAEAAAA.YAAAAAAAAAA").value();
  BOOST_TEST(c.created_ds == 17'672'256'000);
  BOOST_TEST(c.updated_ds == 17'672'256'001);
  BOOST_TEST(c.cmp_id == 300);
  BOOST_TEST(c.vendor_list_version == 48);
  BOOST_TEST(c.policy_version == 4);
  BOOST_TEST(c.allows(1));
  BOOST_TEST(!c.allows(2));
  BOOST_TEST(!c.allows(0));
  BOOST_TEST(!c.allows(25));
  BOOST_TEST(c.legitimate_interest[1]);
}

// One of the framework's own documents.
BOOST_AUTO_TEST_CASE(a_public_tc_string_is_read) {
  const auto c = parse_tcf("COvFyGBOvFyGBAbAAAENAPCAAOAAAAAAAAAAAEEUACCKAAA");
  BOOST_REQUIRE_MESSAGE(c, (c ? "" : c.error().message()));
  BOOST_TEST(c->cmp_id == 27);
  BOOST_TEST(c->vendor_list_version == 15);
  BOOST_TEST(c->policy_version == 2);
  BOOST_TEST(c->allows(1));
  BOOST_TEST(c->allows(3));
  BOOST_TEST(!c->allows(4));
}

BOOST_AUTO_TEST_CASE(what_is_no_tc_string_is_refused) {
  const auto code = [](const std::string& text) { return parse_tcf(text).error().code; };
  BOOST_TEST((code("") == errc::malformed));
  BOOST_TEST((code("C") == errc::malformed));
  BOOST_TEST((code("C!vFy") == errc::malformed));
  BOOST_TEST((code(only_first.substr(0, 20)) == errc::malformed));
  BOOST_TEST((code(tc_string(0, 1)) == errc::unsupported));
  BOOST_TEST((code(std::string(20'000, 'C')) == errc::too_large));
}

BOOST_AUTO_TEST_CASE(a_us_privacy_string_is_read) {
  BOOST_TEST(parse_us_privacy("1YNN").value().opted_out == 'N');
  BOOST_TEST(parse_us_privacy("1yyn").value().opted_out == 'Y');
  BOOST_TEST(parse_us_privacy("1---").value().notice == '-');
  for (const char* wrong : {"", "1YN", "1YNNN", "1YXN", "2YNN", "YYNN"})
    BOOST_TEST_CONTEXT(wrong) BOOST_TEST(!parse_us_privacy(wrong));
}

BOOST_AUTO_TEST_CASE(personal_data_is_withheld_where_one_says_no) {
  BOOST_TEST(!withholds({}, ""));
  BOOST_TEST(withholds({}, "", "1YYN"));
  BOOST_TEST(!withholds({}, "", "1YNN"));
  BOOST_TEST(withholds({}, "", "nonsense"));
  BOOST_TEST(withholds(true, ""));
  BOOST_TEST(!withholds(true, all));
  BOOST_TEST(withholds(true, only_first));
  BOOST_TEST(withholds({}, none));  // it would not be there if the GDPR did not apply
  BOOST_TEST(!withholds(false, none));
  BOOST_TEST(withholds({}, "nonsense"));
  BOOST_TEST(withholds({}, all, "1YYN"));
  consent c;
  c.gpp = "DBABMA~CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA";
  BOOST_TEST(reason_to_withhold(c) == nullptr);
  c.limits_tracking = true;
  BOOST_TEST(reason_to_withhold(c) != nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
