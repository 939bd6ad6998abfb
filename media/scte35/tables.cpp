// Tables 22 and 23 of SCTE 35: what segmentations and their names are called.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string>

#include "media/core/hex.hpp"
#include "media/scte35/json.hpp"

namespace interlude::scte35 {

namespace json = boost::json;

namespace {

struct named {
  std::uint8_t id;
  const char* name;
};

constexpr named segmentation_types[] = {
    {0x00, "Not Indicated"},
    {0x01, "Content Identification"},
    {0x02, "Private"},
    {0x10, "Program Start"},
    {0x11, "Program End"},
    {0x12, "Program Early Termination"},
    {0x13, "Program Breakaway"},
    {0x14, "Program Resumption"},
    {0x15, "Program Runover Planned"},
    {0x16, "Program Runover Unplanned"},
    {0x17, "Program Overlap Start"},
    {0x18, "Program Blackout Override"},
    {0x19, "Program Join"},
    {0x1A, "Program Immediate Resumption"},
    {0x20, "Chapter Start"},
    {0x21, "Chapter End"},
    {0x22, "Break Start"},
    {0x23, "Break End"},
    {0x24, "Opening Credit Start"},
    {0x25, "Opening Credit End"},
    {0x26, "Closing Credit Start"},
    {0x27, "Closing Credit End"},
    {0x30, "Provider Advertisement Start"},
    {0x31, "Provider Advertisement End"},
    {0x32, "Distributor Advertisement Start"},
    {0x33, "Distributor Advertisement End"},
    {0x34, "Provider Placement Opportunity Start"},
    {0x35, "Provider Placement Opportunity End"},
    {0x36, "Distributor Placement Opportunity Start"},
    {0x37, "Distributor Placement Opportunity End"},
    {0x38, "Provider Overlay Placement Opportunity Start"},
    {0x39, "Provider Overlay Placement Opportunity End"},
    {0x3A, "Distributor Overlay Placement Opportunity Start"},
    {0x3B, "Distributor Overlay Placement Opportunity End"},
    {0x3C, "Provider Promo Start"},
    {0x3D, "Provider Promo End"},
    {0x3E, "Distributor Promo Start"},
    {0x3F, "Distributor Promo End"},
    {0x40, "Unscheduled Event Start"},
    {0x41, "Unscheduled Event End"},
    {0x42, "Alternate Content Opportunity Start"},
    {0x43, "Alternate Content Opportunity End"},
    {0x44, "Provider Ad Block Start"},
    {0x45, "Provider Ad Block End"},
    {0x46, "Distributor Ad Block Start"},
    {0x47, "Distributor Ad Block End"},
    {0x50, "Network Start"},
    {0x51, "Network End"},
};

enum class upid_form : std::uint8_t { text, number, raw, atsc, mpu, mid };

struct upid_type {
  const char* name;
  upid_form form;
};

constexpr upid_type upid_types[] = {
    {"Not Used", upid_form::text},                 // 0x00
    {"User Defined", upid_form::text},             // 0x01
    {"ISCI", upid_form::text},                     // 0x02
    {"Ad-ID", upid_form::text},                    // 0x03
    {"UMID", upid_form::raw},                      // 0x04
    {"ISAN", upid_form::raw},                      // 0x05, deprecated
    {"ISAN", upid_form::raw},                      // 0x06, versioned
    {"TID", upid_form::text},                      // 0x07
    {"AiringID", upid_form::number},               // 0x08
    {"ADI", upid_form::text},                      // 0x09
    {"EIDR", upid_form::raw},                      // 0x0A
    {"ATSC Content Identifier", upid_form::atsc},  // 0x0B
    {"MPU()", upid_form::mpu},                     // 0x0C
    {"MID()", upid_form::mid},                     // 0x0D
    {"ADS Information", upid_form::text},          // 0x0E
    {"URI", upid_form::text},                      // 0x0F
    {"UUID", upid_form::raw},                      // 0x10
    {"SCR", upid_form::text},                      // 0x11
};

constexpr upid_type reserved_upid{"Reserved", upid_form::raw};

const upid_type& upid_type_of(std::uint8_t type) noexcept {
  return type < std::size(upid_types) ? upid_types[type] : reserved_upid;
}

std::string hex(byte_view v) {
  return "0x" + to_hex(v);
}

json::value raw(byte_view v) {
  return json::value(v.empty() ? std::string{} : hex(v));
}

// Text that is none is shown as bytes: JSON must stay JSON.
json::value text(byte_view v) {
  const bool plain =
      std::all_of(v.begin(), v.end(), [](std::uint8_t c) { return c >= 0x20 && c < 0x7F; });
  return plain ? json::value(std::string{v.begin(), v.end()}) : raw(v);
}

json::value number(byte_view v) {
  while (v.size() > 1 && v.front() == 0) v = v.subspan(1);
  return raw(v);
}

// ATSC A/57B: TSID, end_of_day, unique_for, content_id.
json::value atsc(byte_view v) {
  if (v.size() < 4) return raw(v);
  bit_reader in{v};
  json::object o;
  o["TSID"] = in.take(16);
  o["reserved"] = in.take(2);
  o["end_of_day"] = in.take(5);
  o["unique_for"] = in.take(9);
  o["content_id"] = text(in.rest());
  return o;
}

json::value mpu(byte_view v) {
  if (v.size() < 4) return raw(v);
  return json::object{{"format_identifier", text(v.first(4))}, {"private_data", raw(v.subspan(4))}};
}

json::value mid(byte_view v) {
  const auto inner = upids_of_mid(v);
  if (!inner) return raw(v);
  json::array out;
  for (const auto& u : *inner)
    out.push_back(json::object{{"segmentation_upid_type", u.type},
                               {"segmentation_upid_type_name", segmentation_upid_type_name(u.type)},
                               {"segmentation_upid_length", u.value.size()},
                               // A list in a list is no UPID: its bytes are shown.
                               {"segmentation_upid", u.type == 0x0D ? raw(u.value) : to_json(u)}});
  return out;
}

}  // namespace

const char* segmentation_type_name(std::uint8_t id) noexcept {
  const auto* found =
      std::lower_bound(std::begin(segmentation_types), std::end(segmentation_types), id,
                       [](const named& n, std::uint8_t wanted) { return n.id < wanted; });
  return found != std::end(segmentation_types) && found->id == id ? found->name : "Reserved";
}

const char* segmentation_upid_type_name(std::uint8_t type) noexcept {
  return upid_type_of(type).name;
}

json::value to_json(const segmentation_upid& u) {
  switch (upid_type_of(u.type).form) {
    case upid_form::text:
      return text(u.value);
    case upid_form::number:
      return number(u.value);
    case upid_form::atsc:
      return atsc(u.value);
    case upid_form::mpu:
      return mpu(u.value);
    case upid_form::mid:
      return mid(u.value);
    case upid_form::raw:
      break;
  }
  return raw(u.value);
}

}  // namespace interlude::scte35
