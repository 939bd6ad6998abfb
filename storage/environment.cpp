#include "storage/environment.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <mutex>

namespace interlude::storage {

namespace {

constexpr const char* format_key = "format";
constexpr const char* format_value = "interlude 1";
constexpr unsigned max_tables = 64;

// Carries LMDB's return code out of the callbacks of a transaction.
struct lmdb_failure {
  int code;
};

void check(int code) {
  if (code != MDB_SUCCESS) throw lmdb_failure{code};
}

MDB_val to_value(std::string_view text) {
  return {text.size(), const_cast<char*>(text.data())};
}
std::string_view to_text(const MDB_val& v) {
  return {static_cast<const char*>(v.mv_data), v.mv_size};
}

error failure(const std::string& folder, int code) {
  if (code == MDB_INVALID || code == MDB_CORRUPTED || code == MDB_PAGE_NOTFOUND ||
      code == MDB_PANIC)
    return {errc::malformed, folder,
            "the store is damaged or not one of Interlude's: restore it from a backup, or move the "
            "folder away to start "
            "with an empty one"};
  if (code == MDB_VERSION_MISMATCH)
    return {errc::unsupported, folder, "the store was written by an incompatible version of LMDB"};
  return {errc::internal, folder, std::string{"the store cannot be used: "} + mdb_strerror(code)};
}

struct txn_guard {
  MDB_txn* txn = nullptr;
  ~txn_guard() {
    if (txn != nullptr) mdb_txn_abort(txn);
  }
};

}  // namespace

std::optional<std::string_view> transaction::get(MDB_dbi table, std::string_view key) const {
  auto k = to_value(key);
  MDB_val v{};
  const int code = mdb_get(txn_, table, &k, &v);
  if (code == MDB_NOTFOUND) return std::nullopt;
  check(code);
  return to_text(v);
}

void transaction::put(MDB_dbi table, std::string_view key, std::string_view value) {
  auto k = to_value(key);
  auto v = to_value(value);
  check(mdb_put(txn_, table, &k, &v, 0));
}

bool transaction::put_new(MDB_dbi table, std::string_view key, std::string_view value) {
  auto k = to_value(key);
  auto v = to_value(value);
  const int code = mdb_put(txn_, table, &k, &v, MDB_NOOVERWRITE);
  if (code == MDB_KEYEXIST) return false;
  check(code);
  return true;
}

bool transaction::erase(MDB_dbi table, std::string_view key) {
  auto k = to_value(key);
  const int code = mdb_del(txn_, table, &k, nullptr);
  if (code == MDB_NOTFOUND) return false;
  check(code);
  return true;
}

std::uint64_t transaction::size(MDB_dbi table) const {
  MDB_stat s{};
  check(mdb_stat(txn_, table, &s));
  return s.ms_entries;
}

void transaction::scan(MDB_dbi table, std::string_view from,
                       const std::function<bool(std::string_view, std::string_view)>& visit) const {
  MDB_cursor* cursor = nullptr;
  check(mdb_cursor_open(txn_, table, &cursor));
  const std::unique_ptr<MDB_cursor, void (*)(MDB_cursor*)> cleanup{cursor, mdb_cursor_close};
  auto k = to_value(from);
  MDB_val v{};
  int code = mdb_cursor_get(cursor, &k, &v, from.empty() ? MDB_FIRST : MDB_SET_RANGE);
  for (; code == MDB_SUCCESS; code = mdb_cursor_get(cursor, &k, &v, MDB_NEXT))
    if (!visit(to_text(k), to_text(v))) return;
  if (code != MDB_NOTFOUND) check(code);
}

result<std::shared_ptr<environment>> environment::open(const environment_options& options) {
  std::error_code ec;
  std::filesystem::create_directories(options.folder, ec);
  if (ec)
    return error{errc::internal, options.folder, "the folder cannot be made: " + ec.message()};
  std::shared_ptr<environment> e{new environment};
  e->folder_ = options.folder;
  e->max_map_bytes_ = options.max_map_bytes;
  const auto lock = options.folder + "/in-use";
  e->lock_file_ = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (e->lock_file_ < 0)
    return error{errc::internal, lock, std::string{"cannot be opened: "} + std::strerror(errno)};
  if (::flock(e->lock_file_, LOCK_EX | LOCK_NB) != 0)
    return error{errc::unavailable, options.folder,
                 "another process is using this store: stop it, or give --data another folder"};
  if (const int code = mdb_env_create(&e->env_); code != 0) return failure(options.folder, code);
  mdb_env_set_maxdbs(e->env_, max_tables);
  mdb_env_set_mapsize(e->env_, options.initial_map_bytes);
  if (const int code = mdb_env_open(e->env_, options.folder.c_str(), MDB_NOTLS, 0640); code != 0)
    return failure(options.folder, code);
  if (auto fine = e->check_format(); !fine) return fine.error();
  return e;
}

environment::~environment() {
  if (env_ != nullptr) mdb_env_close(env_);
  if (lock_file_ >= 0) ::close(lock_file_);
}

result<bool> environment::check_format() {
  auto meta = table("meta");
  if (!meta) return meta.error();
  std::string found;
  auto read_it = read([&](const transaction& t) { found = t.get(*meta, format_key).value_or(""); });
  if (!read_it) return read_it.error();
  if (found == format_value) return true;
  if (!found.empty())
    return error{
        errc::unsupported, folder_,
        "the store has format \"" + found + "\", this program writes \"" + format_value + "\""};
  return write([&](transaction& t) { t.put(*meta, format_key, format_value); });
}

result<MDB_dbi> environment::table(const std::string& name) {
  const std::shared_lock lock{resizing_};
  txn_guard guard;
  if (const int code = mdb_txn_begin(env_, nullptr, 0, &guard.txn); code != 0)
    return failure(folder_, code);
  MDB_dbi dbi = 0;
  if (const int code = mdb_dbi_open(guard.txn, name.c_str(), MDB_CREATE, &dbi); code != 0)
    return failure(folder_, code);
  const int code = mdb_txn_commit(guard.txn);
  guard.txn = nullptr;
  if (code != 0) return failure(folder_, code);
  return dbi;
}

result<bool> environment::read(const std::function<void(const transaction&)>& work) const {
  const std::shared_lock lock{resizing_};
  txn_guard guard;
  if (const int code = mdb_txn_begin(env_, nullptr, MDB_RDONLY, &guard.txn); code != 0)
    return failure(folder_, code);
  try {
    work(transaction{guard.txn});
  } catch (const lmdb_failure& f) {
    return failure(folder_, f.code);
  }
  return true;
}

result<std::uint64_t> environment::size(MDB_dbi table) const {
  std::uint64_t out = 0;
  const auto done = read([&](const transaction& t) { out = t.size(table); });
  if (!done) return done.error();
  return out;
}

result<bool> environment::write(const std::function<void(transaction&)>& work) {
  for (;;) {
    int code = MDB_SUCCESS;
    {
      const std::shared_lock lock{resizing_};
      txn_guard guard;
      code = mdb_txn_begin(env_, nullptr, 0, &guard.txn);
      if (code == MDB_SUCCESS) {
        try {
          transaction t{guard.txn};
          work(t);
          code = mdb_txn_commit(std::exchange(guard.txn, nullptr));
        } catch (const lmdb_failure& f) {
          code = f.code;
        }
      }
    }
    if (code == MDB_SUCCESS) return true;
    if (code == MDB_MAP_FULL || code == MDB_MAP_RESIZED)
      code = code == MDB_MAP_FULL ? grow() : mdb_env_set_mapsize(env_, 0);
    if (code != MDB_SUCCESS) return failure(folder_, code);
  }
}

int environment::grow() {
  const std::unique_lock lock{resizing_};
  MDB_envinfo info{};
  mdb_env_info(env_, &info);
  if (info.me_mapsize * 2 > max_map_bytes_) return MDB_MAP_FULL;
  return mdb_env_set_mapsize(env_, info.me_mapsize * 2);
}

std::size_t environment::map_bytes() const {
  MDB_envinfo info{};
  mdb_env_info(env_, &info);
  return info.me_mapsize;
}

}  // namespace interlude::storage
