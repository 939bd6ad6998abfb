#include "tests/support/random_splice_info.hpp"

namespace interlude::test {

using namespace scte35;

namespace {

class maker {
 public:
  explicit maker(std::mt19937_64& random) : random_(random) {}

  splice_info_section section() {
    splice_info_section s;
    s.section_syntax_indicator = often();
    s.private_indicator = often();
    s.sap_type = bits<std::uint8_t>(2);
    s.encryption_algorithm = bits<std::uint8_t>(6);
    s.pts_adjustment = bits<std::uint64_t>(33);
    s.cw_index = bits<std::uint8_t>(8);
    s.tier = bits<std::uint16_t>(12);
    s.command = command();
    // A command whose end is not told by itself needs its length.
    const bool open = std::holds_alternative<private_command>(s.command) ||
                      std::holds_alternative<unknown_command>(s.command);
    if (!open && rarely()) s.written_command_length = 0xFFF;
    const auto count = below(4);
    for (unsigned i = 0; i < count; ++i) s.descriptors.push_back(descriptor());
    s.alignment_stuffing = some_bytes(below(3));
    return s;
  }

 private:
  template <class T>
  T bits(unsigned count) {
    return static_cast<T>(random_() & ((std::uint64_t{1} << count) - 1));
  }
  unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }
  bool often() { return below(2) == 0; }
  bool rarely() { return below(8) == 0; }
  bytes some_bytes(std::size_t count) {
    bytes out(count);
    for (auto& b : out) b = bits<std::uint8_t>(8);
    return out;
  }

  splice_time time() {
    splice_time t;
    if (often()) {
      t.pts_time = bits<std::uint64_t>(33);
      t.reserved = bits<std::uint8_t>(6) | 0x40;
    } else {
      t.reserved = bits<std::uint8_t>(7);
    }
    return t;
  }
  void make(splice_time& t) { t = time(); }
  void make(std::uint32_t& t) { t = bits<std::uint32_t>(32); }

  // Fields that a flag leaves out keep their defaults, as they do when read.
  template <class Event>
  void event_content(Event& e, bool timed) {
    e.out_of_network_indicator = often();
    e.program_splice_flag = often();
    if (!e.program_splice_flag) {
      e.components.resize(below(4));
      for (auto& c : e.components) {
        c.component_tag = bits<std::uint8_t>(8);
        if (timed) make(c.when);
      }
    } else if (timed) {
      make(e.when);
    }
    if (often()) {
      auto& d = e.break_duration.emplace();
      d.auto_return = often();
      d.reserved = bits<std::uint8_t>(6);
      d.duration = bits<std::uint64_t>(33);
    }
    e.unique_program_id = bits<std::uint16_t>(16);
    e.avail_num = bits<std::uint8_t>(8);
    e.avails_expected = bits<std::uint8_t>(8);
  }

  splice_insert insert() {
    splice_insert e;
    e.splice_event_id = bits<std::uint32_t>(32);
    e.splice_event_cancel_indicator = rarely();
    e.reserved_after_cancel = bits<std::uint8_t>(7);
    if (e.splice_event_cancel_indicator) return e;
    e.splice_immediate_flag = often();
    e.event_id_compliance_flag = often();
    e.reserved_after_flags = bits<std::uint8_t>(3) | 0x18;
    event_content(e, !e.splice_immediate_flag);
    return e;
  }

  scheduled_event scheduled() {
    scheduled_event e;
    e.splice_event_id = bits<std::uint32_t>(32);
    e.splice_event_cancel_indicator = rarely();
    e.event_id_compliance_flag = often();
    e.reserved_after_cancel = bits<std::uint8_t>(6) | 0x40;
    if (e.splice_event_cancel_indicator) return e;
    e.reserved_after_flags = bits<std::uint8_t>(5);
    event_content(e, true);
    return e;
  }

  splice_command command() {
    switch (below(7)) {
      case 0:
        return splice_null{};
      case 1: {
        splice_schedule s;
        s.events.resize(below(4));
        for (auto& e : s.events) e = scheduled();
        return s;
      }
      case 2:
        return insert();
      case 3:
        return time_signal{time()};
      case 4:
        return bandwidth_reservation{};
      case 5:
        return private_command{bits<std::uint32_t>(32), some_bytes(below(20))};
      default:
        return unknown_command{static_cast<std::uint8_t>(0x08 + below(0x80)),
                               some_bytes(below(20))};
    }
  }

  segmentation_descriptor segmentation() {
    segmentation_descriptor d;
    d.segmentation_event_id = bits<std::uint32_t>(32);
    d.segmentation_event_cancel_indicator = rarely();
    d.segmentation_event_id_compliance_indicator = often();
    d.reserved_after_cancel = bits<std::uint8_t>(6);
    if (d.segmentation_event_cancel_indicator) return d;
    d.program_segmentation_flag = often();
    if (often())
      d.restrictions = delivery_restrictions{often(), often(), often(), bits<std::uint8_t>(2)};
    else
      d.reserved_after_flags = bits<std::uint8_t>(5);
    if (!d.program_segmentation_flag) {
      d.components.resize(below(4));
      for (auto& c : d.components)
        c = {bits<std::uint8_t>(8), bits<std::uint8_t>(7), bits<std::uint64_t>(33)};
    }
    if (often()) d.segmentation_duration = bits<std::uint64_t>(40);
    d.upid = {static_cast<std::uint8_t>(below(0x14)), some_bytes(below(40))};
    d.segmentation_type_id = bits<std::uint8_t>(8);
    d.segment_num = bits<std::uint8_t>(8);
    d.segments_expected = bits<std::uint8_t>(8);
    if (often()) {
      d.segmentation_type_id = 0x34;
      d.sub_segments = sub_segments{bits<std::uint8_t>(8), bits<std::uint8_t>(8)};
    }
    return d;
  }

  audio_descriptor audio() {
    audio_descriptor d;
    d.reserved = bits<std::uint8_t>(4);
    d.components.resize(below(4));
    for (auto& c : d.components)
      c = {bits<std::uint8_t>(8), bits<std::uint32_t>(24), bits<std::uint8_t>(3),
           bits<std::uint8_t>(4), often()};
    return d;
  }

  splice_descriptor descriptor() {
    splice_descriptor d;
    const auto kind = below(6);
    d.splice_descriptor_tag = static_cast<std::uint8_t>(kind);
    switch (kind) {
      case 0:
        d.content = avail_descriptor{bits<std::uint32_t>(32)};
        break;
      case 1:
        d.content = dtmf_descriptor{bits<std::uint8_t>(8), std::string(below(8), '#'),
                                    bits<std::uint8_t>(5)};
        break;
      case 2:
        d.content = segmentation();
        break;
      case 3:
        d.content = time_descriptor{bits<std::uint64_t>(48), bits<std::uint32_t>(32),
                                    bits<std::uint16_t>(16)};
        break;
      case 4:
        d.content = audio();
        break;
      default:
        d.splice_descriptor_tag = static_cast<std::uint8_t>(0x80 + below(0x7F));
        d.identifier = bits<std::uint32_t>(32) | 1u << 31;  // not CUEI
        d.content = unknown_descriptor{some_bytes(below(20))};
        break;
    }
    return d;
  }

  std::mt19937_64& random_;
};

}  // namespace

splice_info_section random_splice_info(std::mt19937_64& random) {
  return maker{random}.section();
}

}  // namespace interlude::test
