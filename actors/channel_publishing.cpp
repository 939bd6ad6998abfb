// What a channel shows its viewers, and when: rounds of its timeline, kept on disk before they are
// published.
#include <caf/all.hpp>
#include <utility>

#include "actors/channel.hpp"

namespace interlude {

using namespace std::chrono_literals;

namespace {

constexpr auto store_patience = 2s;
constexpr auto round_pause = 50ms;

}  // namespace

void channel_state::advance_and_publish() {
  advance();
  commit();
}

// What is read from now on is not in any snapshot before the next time.
void channel_state::advance() {
  timeline_->advance(wall(now()));
  advanced_read_.clear();
  for (const auto& poll : polls_) advanced_read_.push_back({poll.good_at(), poll.keeps_fresh()});
}

// What viewers are shown must outlive the process: what cannot be found out again is on disk before
// they see it.
void channel_state::commit(bool follows) {
  if (committing_) {
    again_ = true;
    return;
  }
  auto wanted = keeper_.changes(*timeline_, follows);
  auto snapshot = timeline_->take_snapshot();
  auto read = advanced_read_;
  auto answers = std::exchange(cue_answers_, {});
  if (!wanted) return show(std::move(snapshot), std::move(read), answers);
  committing_ = true;
  auto then = [this, snapshot = std::move(snapshot), read = std::move(read),
               answers = std::move(answers)](bool kept) {
    committing_ = false;
    show(snapshot, read, answers);
    if (!kept) keeper_.lost();
    // What waited behind a disk that hangs does not wait again for the same; the next change does.
    if (std::exchange(again_, false)) commit(true);
  };
  self_->request(arguments_.writer, store_patience, *std::move(wanted))
      .then(
          [this, then](const stored&) {
            note_trouble("store", "");
            then(true);
          },
          // A disk that is full or hangs stops no playback; the next change tries again.
          [this, then](caf::error& e) {
            note_trouble("store",
                         "what must outlive the node is not kept: " + self_->system().render(e));
            then(false);
          });
}

void channel_state::publish_soon() {
  if (std::exchange(round_ahead_, true)) return;
  caf::anon_send(caf::actor_cast<channel_actor>(self_->ctrl()), round_due{});
}

void channel_state::plan_round() {
  if (round_ahead_ || std::exchange(round_planned_, true)) return;
  self_->delayed_send(caf::actor_cast<channel_actor>(self_->ctrl()), round_pause,
                      round_due{.planned = true});
}

void channel_state::advance_soon(const std::string& audience) {
  released_.push_back(audience);
  publish_soon();
}

void channel_state::on(const round_due& m) {
  if (m.planned && !round_planned_) return;  // another has been before
  if (!m.planned) round_ahead_ = false;
  round_planned_ = false;
  const auto keys = std::exchange(released_, {});
  // What waits for the media to be read goes on with all others.
  if (!read_holds_ && timeline_->live_edge()) {
    if (timeline_->is_behind())
      advance();
    else
      timeline_->advance_only(keys, wall(now()));
  }
  commit();
}

void channel_state::show(stitch::snapshot_ptr snapshot, std::vector<published_rendition> read,
                         const std::vector<std::function<void()>>& answers) {
  shown_ = std::move(snapshot);
  shown_read_ = std::move(read);
  publish();
  answer_playlist_waiters();
  answer_plan_waiters();
  for (const auto& answer : answers) answer();
}

void channel_state::publish() {
  auto p = std::make_shared<published_channel>();
  // A rendition is told of when there is something to show of it.
  p->description = description_;
  if (description_ && description_->renditions.size() > shown_->windows.size())
    p->description = arguments_.view->load()->description;
  p->snapshot = shown_;
  p->renditions = shown_read_;
  p->renditions.resize(polls_.size());
  for (std::size_t i = 0; i < polls_.size(); ++i) p->renditions[i].polled &= polls_[i].active();
  p->trouble = trouble();
  arguments_.view->publish(std::move(p));
}

}  // namespace interlude
