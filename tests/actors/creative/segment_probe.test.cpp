#include "actors/creative/segment_probe.hpp"

#include <openssl/evp.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "tests/support/ffmpeg_sources.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace interlude;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

const std::string key = "0123456789abcdef";
const std::string iv_hex = "0x000102030405060708090a0b0c0d0e0f";

std::string encrypt(const std::string& text) {
  unsigned char iv[16];
  for (unsigned char i = 0; i < 16; ++i) iv[i] = i;
  std::string out(text.size() + 16, '\0');
  auto* to = reinterpret_cast<unsigned char*>(out.data());
  auto* context = EVP_CIPHER_CTX_new();
  int written = 0, last = 0;
  EVP_EncryptInit_ex(context, EVP_aes_128_cbc(), nullptr,
                     reinterpret_cast<const unsigned char*>(key.data()), iv);
  EVP_EncryptUpdate(context, to, &written, reinterpret_cast<const unsigned char*>(text.data()),
                    static_cast<int>(text.size()));
  EVP_EncryptFinal_ex(context, to + written, &last);
  EVP_CIPHER_CTX_free(context);
  out.resize(static_cast<std::size_t>(written + last));
  return out;
}

std::string transport_stream(const scratch_folder& folder) {
  make_source(folder / "a.mp4", "1", true);
  const auto made = run_program(
      {"ffmpeg", "-v", "error", "-y", "-i", folder / "a.mp4", "-c", "copy", folder / "a.ts"}, 20s);
  BOOST_REQUIRE_MESSAGE(made, (made ? "" : made.error().message()));
  return read_all(folder / "a.ts");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(segment_probing)

BOOST_AUTO_TEST_CASE(what_was_encrypted_comes_back) {
  for (const std::size_t size : {0u, 1u, 15u, 16u, 17u, 100'000u}) {
    const std::string text(size, 'x');
    BOOST_TEST((decrypt_aes128(encrypt(text), key, iv_hex).value() == text));
  }
  // Leading zeros of an IV may be left out.
  BOOST_TEST(decrypt_aes128(encrypt("hello"), key, "0X0102030405060708090a0b0c0d0e0f").value() ==
             "hello");
}

BOOST_AUTO_TEST_CASE(a_wrong_key_is_an_error) {
  const auto other = decrypt_aes128(encrypt("hello"), "fedcba9876543210", iv_hex);
  BOOST_TEST((!other || *other != "hello"));
  BOOST_TEST(!decrypt_aes128(encrypt("hello"), key, ""));
  BOOST_TEST(!decrypt_aes128(encrypt("hello"), key, iv_hex + "00"));
}

BOOST_AUTO_TEST_CASE(a_segment_tells_what_it_is_made_of_clear_or_not) {
  const scratch_folder folder;
  const auto clear = transport_stream(folder);
  for (const bool encrypted : {false, true}) {
    const auto scratch = folder / "sample";
    const auto f = encrypted ? read_sample({encrypt(clear), "", key, iv_hex, scratch})
                             : read_sample({clear, "", "", "", scratch});
    BOOST_REQUIRE_MESSAGE(f, (f ? "" : f.error().message()));
    BOOST_TEST((f->container == stitch::container::mpeg_ts));
    BOOST_TEST(f->has_video);
    BOOST_TEST(f->video.codec == "h264");
    BOOST_TEST(f->video.width == 160);
    BOOST_TEST(f->video.height == 120);
    BOOST_TEST(f->video.frame_rate_num == 24);
    BOOST_TEST(f->has_audio);
    BOOST_TEST(f->audio.codec == "aac");
    BOOST_TEST(!std::filesystem::exists(scratch));
  }
}

BOOST_AUTO_TEST_CASE(a_fragment_is_read_behind_its_initialisation) {
  const scratch_folder folder;
  make_fragments(folder.path());
  const auto segment = read_all(folder / "0.m4s");
  const auto f = read_sample({segment, read_all(folder / "init.mp4"), "", "", folder / "sample"});
  BOOST_REQUIRE_MESSAGE(f, (f ? "" : f.error().message()));
  BOOST_TEST((f->container == stitch::container::fmp4));
  BOOST_TEST(f->video.width == 160);
  BOOST_TEST(!f->has_audio);
  BOOST_TEST(!read_sample({segment, "", "", "", folder / "sample"}));
}

BOOST_AUTO_TEST_CASE(captions_need_no_program_to_be_told) {
  for (const auto* text : {"WEBVTT\n\n", "\xEF\xBB\xBFWEBVTT\n\n"})
    BOOST_TEST((read_sample({text, "", "", "", "/nonexistent/sample"})->container ==
                stitch::container::web_vtt));
}

BOOST_AUTO_TEST_CASE(what_is_no_media_is_an_error_and_leaves_nothing_behind) {
  const scratch_folder folder;
  const auto scratch = folder / "sample";
  for (const std::string text : {"", "<html></html>", "#EXTM3U\nfile:///etc/hostname\n"})
    BOOST_TEST(!read_sample({text, "", "", "", scratch}), text);
  BOOST_TEST(!std::filesystem::exists(scratch));
}

BOOST_AUTO_TEST_SUITE_END()
