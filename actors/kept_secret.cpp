#include "actors/kept_secret.hpp"

#include <openssl/rand.h>

namespace interlude {

result<std::string> kept_secret(storage::environment& env, const std::string& name) {
  auto table = env.table("secrets");
  if (!table) return table.error();
  std::string secret(32, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(secret.data()),
                 static_cast<int>(secret.size())) != 1)
    return error{errc::internal, name, "there are no random numbers to make a secret of"};
  auto done = env.write([&](storage::transaction& t) {
    if (const auto kept = t.get(*table, name))
      secret = std::string{*kept};
    else
      t.put(*table, name, secret);
  });
  if (!done) return done.error();
  return secret;
}

}  // namespace interlude
