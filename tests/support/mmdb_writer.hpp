// Writes a database in MaxMind's format (MaxMind DB file format 2.0), as far as tests need it: IPv6
// tree with IPv4 in ::/96, records of 24 bits, maps, arrays and texts.
#pragma once

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace interlude::test {

// Values of the data section, ready to be written.
inline std::string mmdb_field(unsigned type, std::size_t size, std::string_view payload) {
  std::string out;
  // Sizes from 29 on follow in a byte of their own; types from 8 on too, before that.
  const auto small = size < 29 ? size : 29;
  out += static_cast<char>((type < 8 ? type << 5 : 0) | small);
  if (type >= 8) out += static_cast<char>(type - 7);
  if (size >= 29) out += static_cast<char>(size - 29);
  return out.append(payload);
}

inline std::string mmdb_text(std::string_view text) {
  return mmdb_field(2, text.size(), text);
}

inline std::string mmdb_number(unsigned type, std::uint32_t value) {
  const std::string bytes{static_cast<char>(value >> 24), static_cast<char>(value >> 16),
                          static_cast<char>(value >> 8), static_cast<char>(value)};
  return type == 5 ? mmdb_field(5, 2, bytes.substr(2)) : mmdb_field(type, 4, bytes);
}

inline std::string mmdb_map(const std::vector<std::pair<std::string, std::string>>& members) {
  std::string payload;
  for (const auto& [key, value] : members) payload += mmdb_text(key) + value;
  return mmdb_field(7, members.size(), payload);
}

inline std::string mmdb_array(const std::vector<std::string>& elements) {
  std::string payload;
  for (const auto& e : elements) payload += e;
  return mmdb_field(11, elements.size(), payload);
}

// As GeoIP2 City has it.
inline std::string mmdb_place(std::string_view country, std::string_view region = {}) {
  std::vector<std::pair<std::string, std::string>> members = {
      {"country", mmdb_map({{"iso_code", mmdb_text(country)}})}};
  if (!region.empty())
    members.emplace_back("subdivisions", mmdb_array({mmdb_map({{"iso_code", mmdb_text(region)}})}));
  return mmdb_map(members);
}

class mmdb_writer {
 public:
  // `length` counts from the address's own first bit; a later range goes on top of earlier ones it
  // lies in, not the other way.
  mmdb_writer& add(std::string_view address, unsigned length, const std::string& value) {
    const auto a = boost::asio::ip::make_address(std::string{address});
    boost::asio::ip::address_v6::bytes_type bits{};
    if (a.is_v6()) {
      bits = a.to_v6().to_bytes();
    } else {
      const auto four = a.to_v4().to_bytes();
      std::copy(four.begin(), four.end(), bits.begin() + 12);
      length += 96;
    }
    std::size_t node = 0;
    for (unsigned i = 0; i < length; ++i) {
      const auto side = static_cast<std::size_t>(bits[i / 8] >> (7 - i % 8) & 1);
      if (i + 1 == length) {
        nodes_[node][side] = {kind::data, data_.size()};
        break;
      }
      if (nodes_[node][side].what != kind::node) {
        const auto before = nodes_[node][side];
        nodes_[node][side] = {kind::node, nodes_.size()};
        nodes_.push_back({before, before});
      }
      node = nodes_[node][side].at;
    }
    data_ += value;
    return *this;
  }

  std::string bytes() const {
    std::string out;
    for (const auto& n : nodes_)
      for (const auto& r : n) append_record(out, r);
    out += std::string(16, '\0') + data_ + "\xAB\xCD\xEFMaxMind.com";
    return out +
           mmdb_map({{"binary_format_major_version", mmdb_number(5, 2)},
                     {"binary_format_minor_version", mmdb_number(5, 0)},
                     {"build_epoch", mmdb_field(9, 1, "\x01")},
                     {"database_type", mmdb_text("Test-City")},
                     {"description", mmdb_map({{"en", mmdb_text("of a test")}})},
                     {"ip_version", mmdb_number(5, 6)},
                     {"languages", mmdb_array({mmdb_text("en")})},
                     {"node_count", mmdb_number(6, static_cast<std::uint32_t>(nodes_.size()))},
                     {"record_size", mmdb_number(5, 24)}});
  }

 private:
  enum class kind { nothing, node, data };
  struct record {
    kind what = kind::nothing;
    std::size_t at = 0;
  };

  void append_record(std::string& out, const record& r) const {
    const auto value = r.what == kind::node   ? r.at
                       : r.what == kind::data ? nodes_.size() + 16 + r.at
                                              : nodes_.size();
    for (const int shift : {16, 8, 0}) out += static_cast<char>(value >> shift & 0xFF);
  }

  std::vector<std::array<record, 2>> nodes_{1};
  std::string data_;
};

}  // namespace interlude::test
