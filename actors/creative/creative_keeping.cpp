// What the creative actor keeps: on its shelf, on disk, and for how long.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <caf/all.hpp>
#include <filesystem>

#include "actors/creative/creative_actor.hpp"

namespace interlude {

using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

constexpr auto look_every = 60s;

// A worker: removing thousands of files takes a while.
void remove_all(caf::event_based_actor*, const std::vector<std::string>& folders) {
  std::error_code ec;
  for (const auto& folder : folders) fs::remove_all(folder, ec);
}

// As creative_key() writes them.
bool is_key(const std::string& name) {
  return name.size() == 32 && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

result<creative_tables> creative_tables::open(const std::shared_ptr<storage::environment>& env) {
  creative_tables out;
  for (const auto& [place, name] :
       {std::pair{&out.catalogue, "catalogue"}, std::pair{&out.sources, "creative_sources"},
        std::pair{&out.setbacks, "creative_quarantine"}}) {
    auto table = storage::record_table::open(env, name);
    if (!table) return table.error();
    *place = std::make_shared<const storage::record_table>(*std::move(table));
  }
  return out;
}

void creative_state::start(creative_keeper::pointer self, creative_arguments arguments) {
  self_ = self;
  options_ = arguments.options;
  arguments_ = std::move(arguments);
  shelf_ = creative_shelf{options_.shelf};
  setbacks_ = setback_book{options_.setbacks};
  queue_ = job_queue{options_.max_queue};
  std::error_code ec;
  fs::create_directories(options_.root, ec);
  remove_leftovers(options_.root);
  load();
  take_stock();
  self_->delayed_send(me(), look_every, look_after_shelf{});
}

// For the metrics: how things are now.
void creative_state::take_stock() {
  auto& n = *arguments_.counters;
  const auto t = now();
  const auto held = std::count_if(
      setbacks_.all().begin(), setbacks_.all().end(),
      [&](const auto& entry) { return entry.second.quarantined && t < entry.second.until; });
  n.quarantined = static_cast<std::uint64_t>(held);
  n.under_way = running_;
  n.queued = jobs_.size() - running_;
  n.kept = shelf_.all().size();
  n.bytes = shelf_.bytes();
}

// What an earlier life left. Records whose files are gone are forgotten, files without a record
// (of a crash, or of an older version) are removed.
void creative_state::load() {
  const auto& tables = arguments_.tables;
  const auto made = tables.catalogue->all();
  const auto sources = tables.sources->all();
  const auto setbacks = tables.setbacks->all();
  for (const auto* all : {&made, &sources, &setbacks})
    if (!*all) return spdlog::error("creatives: {}", all->error().message());
  for (const auto& [key, record] : *made) {
    auto c = read_shelved(record);
    if (!c || c->media->key != key || !creative_is_there(*c->media, options_.root)) {
      drop(tables.catalogue, key);
      continue;
    }
    c->used = std::min(c->used, now());  // the clock may have been set
    arguments_.store->add(key, !c->withdrawn);
    shelf_.put(*std::move(c));
  }
  for (const auto& [key, record] : *sources) {
    auto s = read_source(record);
    const auto forgotten = s ? sources_.put(key, *std::move(s)) : std::optional{key};
    if (forgotten) drop(tables.sources, *forgotten);
  }
  for (const auto& [key, record] : *setbacks) {
    if (auto s = read_setback(record); s && now() < s->until)
      setbacks_.put(key, *std::move(s));
    else
      drop(tables.setbacks, key);
  }
  remove_strays();
}

void creative_state::remove_strays() {
  std::vector<std::string> strays;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator{options_.root, ec})
    if (auto key = entry.path().filename().string(); is_key(key) && shelf_.entry(key) == nullptr)
      strays.push_back(std::move(key));
  remove_folders(std::move(strays));
}

stitch::creative_ptr creative_state::shelve(const made_creative& made) {
  shelved_creative c{std::make_shared<const stitch::creative>(made.media), made.bytes,
                     made.loudness, now(), false};
  spdlog::info("creative {}: {} conditioned, {} s in {} tracks", c.media->key, c.media->source,
               format_seconds(c.media->total), c.media->tracks.size());
  keep(arguments_.tables.catalogue, c.media->key, record_of(c));
  arguments_.store->add(c.media->key, true);
  auto media = c.media;
  shelf_.put(std::move(c));
  return media;
}

void creative_state::on(const look_after_shelf&) {
  self_->delayed_send(me(), look_every, look_after_shelf{});
  make_room();
}

void creative_state::make_room() {
  const auto t = now();
  for (const auto& key : arguments_.store->take_used())
    if (shelf_.use(key, t)) keep(arguments_.tables.catalogue, key, record_of(*shelf_.entry(key)));
  std::vector<std::string> gone;
  for (auto& key : shelf_.overdue(t)) {
    // Somebody may have taken it up just now.
    if (making_.contains(key) || !arguments_.store->retire(key)) continue;
    spdlog::info("creative {}: {} is removed, last used {}", key, shelf_.entry(key)->media->source,
                 format_iso8601(shelf_.entry(key)->used));
    shelf_.remove(key);
    drop(arguments_.tables.catalogue, key);
    gone.push_back(std::move(key));
  }
  remove_folders(std::move(gone));
  take_stock();
}

// First out of the way, at once: the same creative may be made anew meanwhile.
void creative_state::remove_folders(std::vector<std::string> names) {
  std::vector<std::string> folders;
  for (const auto& from : names) {
    auto to = options_.root + "/gone-" + std::to_string(removals_++) + ".part";
    std::error_code ec;
    fs::rename(options_.root + '/' + from, to, ec);
    if (!ec) folders.push_back(std::move(to));
  }
  if (!folders.empty()) self_->system().spawn<caf::detached>(remove_all, std::move(folders));
}

void creative_state::keep(const creative_tables::table& table, std::string key,
                          std::string record) {
  caf::anon_send(arguments_.writer,
                 store_write{[table, key = std::move(key), record = std::move(record)](
                                 storage::transaction& t) { table->put(t, key, record); }});
}

void creative_state::drop(const creative_tables::table& table, std::string key) {
  caf::anon_send(arguments_.writer,
                 store_write{[table, key = std::move(key)](storage::transaction& t) {
                   table->erase(t, key);
                 }});
}

}  // namespace interlude
