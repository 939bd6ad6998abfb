// The channel actor: one per channel, the only one that knows its schedule of ad breaks.
//
// It polls the origin while somebody watches, feeds what it reads to the timeline (media/stitch),
// asks for decisions, has creatives conditioned, and publishes snapshots for the HTTP threads. It
// never blocks. Handlers are a few lines; the work is in channel_state, the rules are in
// media/stitch.
#pragma once

#include <array>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "actors/analytics/gathered_counts.hpp"
#include "actors/beacon/beacon_sink.hpp"
#include "actors/channel_creatives.hpp"
#include "actors/decision/debug_book.hpp"
#include "actors/decision/exposure_book.hpp"
#include "actors/interfaces.hpp"
#include "actors/origin_choice.hpp"
#include "actors/origin_poll.hpp"
#include "actors/segment_reader.hpp"
#include "actors/storage_writer.hpp"
#include "actors/timeline_keeper.hpp"
#include "actors/tracked_ads.hpp"
#include "media/stitch/signal_placer.hpp"
#include "storage/record_table.hpp"

namespace interlude {

struct channel_arguments {
  std::shared_ptr<channel_view> view;
  std::shared_ptr<http_fetcher> fetcher;
  creative_actor creatives;
  std::shared_ptr<media_store> store;     // where they are; null: they never go
  std::vector<decision_actor> decisions;  // at least one
  storage_writer_actor writer;
  std::shared_ptr<storage::record_table> timelines;  // null: nothing is kept
  std::shared_ptr<exposure_book> exposures;          // null: nobody counts
  std::shared_ptr<tracked_ads> tracked;              // null: nothing is told of ads
  instant wall_clock_base{};  // the wall clock when the actor clock showed steady_base
  steady_time steady_base{};
  std::shared_ptr<debug_book> debugging{};      // null: no session is debugged
  std::shared_ptr<gathered_counts> gathered{};  // what breaks came to; null: nobody counts
  std::shared_ptr<beacon_sink> beacons{};       // where errors of ads are told; null: nowhere
};

// A guided player's asset list waits this long for the slate of exact length.
inline constexpr auto tail_patience = std::chrono::seconds{3};

class channel_state {
 public:
  static inline const char* name = "channel";

  void start(channel_actor::pointer self, channel_arguments arguments);

  void on(description_wanted& m);
  void on(playlist_wanted& m);
  void on(plan_wanted& m);
  void on(cue_wanted& m);
  void on(break_lines_wanted& m);
  void on(break_stories_wanted& m);
  void on(signals_heard& m);
  void on(const origin_answered& m);
  void on(const poll_due& m);
  void on(const round_due& m);

 private:
  struct playlist_waiter {
    playlist_wanted question;
    steady_time since, arrived, deadline;
  };
  struct plan_waiter {
    plan_wanted question;
    steady_time deadline;
  };
  // What is offered to a break, and what is to be said of each ad.
  struct considered_pod {
    stitch::pod_offer offer;
    std::vector<considered_ad> ads;
  };
  // An ad server is not to be asked for all audiences at once.
  struct later_decision {
    stitch::open_decision open;
    steady_time at;
  };

  // After a restart it takes a moment until it is known what has been conditioned.
  struct unripe_decision {
    stitch::open_decision open;
    decision_made made;
    steady_time asked, until;
    bool held = false;  // its audience is, until this is taken
  };

  steady_time now() const;
  instant wall(steady_time t) const;
  const channel_settings& settings() const { return arguments_.view->settings; }

  void poll_what_is_due();
  void fetch(std::size_t rendition, const std::string& url, origin_poll& poll);
  bool is_wanted(std::size_t rendition, steady_time t) const;
  bool is_listed(std::size_t rendition) const {
    return !description_->renditions[rendition].url.empty();
  }
  bool is_gone(std::size_t rendition) const;
  // What was read since then is new enough to be shown at `t` without asking again.
  steady_time fresh_since(std::size_t rendition, steady_time t) const;
  // It will be read before anything of it is shown.
  bool is_to_be_read(std::size_t rendition) const;
  bool add_audience(const std::string& key);  // false: there are too many
  // Before the next message but those that wait already: a storm of them is one round.
  void publish_soon();
  // The same for what nobody waits for: decisions for ten thousand audiences are some twenty rounds
  // a second, not a round each.
  void plan_round();
  void advance_soon(const std::string& audience);
  void drop_unwatched(steady_time t);
  void arm();

  origin_choice::situation situation_of_origin(steady_time t) const;
  void read_description(const result<fetch_response>& answer);
  result<bool> take_description(const fetch_response& response);
  result<bool> begin(const fetch_response& response);
  bool resume(const fetch_response& response, stitch::timeline_state state);
  void open_timeline(const stitch::channel_description& d);
  result<bool> follow(const fetch_response& response);
  bool still_plays(const stitch::channel_description& next) const;
  void adopt(stitch::description_ptr next);
  void offer_what_is_ready();
  void read_playlist(std::size_t rendition, const result<fetch_response>& answer);
  result<stitch::refresh_outcome> take_playlist(std::size_t rendition,
                                                const fetch_response& response);
  void note_read(const result<fetch_response>& answer, bool good);
  void note_outcome(std::size_t rendition, stitch::refresh_outcome outcome);
  void note_trouble(const char* part, std::string what);  // not the origin's; empty: it is over
  std::string trouble() const;
  result<stitch::ad_break> obey(const cue_command& c);
  std::optional<stitch::timeline_state> kept_state();

  // `then` is given an empty answer if there is none.
  void ask(decision_wanted question, std::function<void(const decision_made&)> then);
  void ask_for_decisions();
  void ask_for(std::vector<stitch::open_decision> all);
  void ask_for_decision(const stitch::open_decision& open, bool due);
  decision_wanted question_for(const stitch::open_decision& open) const;
  bool has_begun(const stitch::open_decision& open) const;
  void ask_what_is_due(steady_time t);
  void ask_now(const std::function<bool(const later_decision&)>& which);
  std::uint64_t ordinal_of(const std::string& break_id) const;
  struct pod_question {
    duration length{0};
    std::string viewer;  // whose exposures count; empty: nobody's, and nothing is written down
    instant start{};
    std::string break_id{};
    bool guided = false;
  };
  // What somebody is to be shown in a break that is not over.
  struct break_exposures {
    bool guided = false;
    exposures_taken exposures;
  };
  struct pod_choice {
    std::vector<std::size_t> places;
    std::vector<refused_ad> refused;
  };
  void take_decision(unripe_decision d);
  bool may_wait(const unripe_decision& d) const;
  void take(const unripe_decision& d);
  void take_what_is_ripe(bool creatives_came);
  void decide(const stitch::open_decision& open, const decision_made& made, steady_time asked);
  stitch::pod_fit fit(considered_pod& pod, duration length) const;
  void want_ads(const decision_made& made);
  std::string tracking_of(const ad_candidate& c, const ads_found& found);
  considered_pod offer_of(const decision_made& made, const pod_question& what);
  pod_choice choose(const std::vector<ads::pod_candidate>& candidates, const pod_question& what);
  std::string whose_exposures(const std::string& audience) const;
  void give_back_exposures();
  const stitch::ad_break* find_break(const std::string& id) const;  // of the channel's
  void finish_decision(const stitch::open_decision& open, const stitch::pod_offer& pod,
                       stitch::creative_ptr tail, decision_story story);
  static std::vector<considered_ad> considered_house_ads(const stitch::pod_offer& ready,
                                                         const std::vector<std::string>& names);
  decision_story story_so_far(const stitch::open_decision& open, const decision_made& made,
                              steady_time asked) const;
  void tell(decision_story story);
  void tell_unready(const stitch::open_decision& open, const decision_made& made);
  void note_avail(const decision_story& story);
  void count_avails();
  void release(const std::string& audience);
  // A slate of exact length; `then` is given null if it could not be had in time.
  void want_tail(condition_creative wanted, caf::duration patience,
                 std::function<void(stitch::creative_ptr)> then);

  void foresee();
  bool is_ready(const decision_made& made);
  void prepare_tail();

  void read_media();
  void hold_for_media(bool more);
  void take_cues(const stitch::in_band_cues& found);

  bool is_ingesting() const {
    return arguments_.view->ingests.load() > 0 || signals_.has_waiting();
  }
  std::optional<instant> fresh_edge() const;
  void open_reader();
  void find_anchor();
  void take_anchor(const stitch::content_segment& segment, const stitch::in_band_cues& found);
  void take_placed(const stitch::placed_signals& placed);

  void probe(std::size_t rendition);
  void condition_wanted();
  void use_what_plays();
  void advance();
  void advance_and_publish();
  void commit(bool follows = false);  // another that was under way
  void show(stitch::snapshot_ptr snapshot, std::vector<published_rendition> read,
            const std::vector<std::function<void()>>& answers);
  void publish();
  // What was decided, and viewers may know of.
  stitch::plan_ptr told(const std::string& audience, const std::string& break_id) const;
  void answer_playlist_waiters();
  void answer_with_plan(plan_wanted m, steady_time deadline);
  void take_early_questions();
  void answer_plan_waiters();
  void expire_waiters(steady_time t);

  channel_actor::pointer self_ = nullptr;
  channel_arguments arguments_;
  channel_creatives creatives_;

  stitch::description_ptr description_;
  std::unique_ptr<stitch::channel_timeline> timeline_;
  segment_reader_actor reader_;                  // null: nobody looks into the media
  stitch::signal_placer signals_;                // of streams that come apart from the content
  bool anchoring_ = false;                       // a segment is being read for its time stamps
  std::optional<std::int64_t> last_anchor_msn_;  // that was read for them, with success or without
  std::optional<std::int64_t> last_read_msn_;
  bool reading_ = false;
  bool read_holds_ = false;  // the next snapshot waits for what is being read
  bool behind_ = false;      // it did not come in time; nothing waits until all is read
  steady_time read_since_{};
  stitch::snapshot_ptr shown_;                      // what viewers may see
  std::vector<published_rendition> advanced_read_;  // what the timeline was last advanced with
  std::vector<published_rendition> shown_read_;     // of that snapshot's playlists
  timeline_keeper keeper_;
  bool committing_ = false, again_ = false;
  origin_choice origins_;
  origin_poll description_poll_;
  std::vector<origin_poll> polls_;
  std::map<std::string_view, std::string> troubles_;

  std::map<std::string, std::vector<break_exposures>> taken_;  // by break
  // What was decided for breaks that have not begun: for stitched and for guided viewers.
  std::map<std::string, std::array<gathered_counts, 2>> avails_;
  story_ring stories_;                     // of the latest breaks, for operators
  std::optional<decision_made> foreseen_;  // what a usual break will be offered
  bool foreseeing_ = false;                // ad servers are being asked for it

  std::vector<description_wanted> description_waiters_;
  std::vector<playlist_waiter> playlist_waiters_;
  std::vector<plan_waiter> plan_waiters_;
  std::vector<std::function<void()>> cue_answers_;  // to be given with the next commit
  std::vector<later_decision> later_;               // by when they are due
  std::vector<unripe_decision> unripe_;
  steady_time resumed_at_ = steady_time::min();  // what another process had kept was taken up
  bool round_ahead_ = false;                     // round_due is under way
  bool round_planned_ = false;                   // one will be, if no other comes before
  std::vector<std::string> released_;            // audiences that may go on in that round
  std::uint64_t generation_ = 0;                 // of the poll timer
  steady_time dropped_at_{};                     // when audiences were last looked at
  steady_time used_at_{};                        // when creatives were last said to be in use
  steady_time armed_for_ = steady_time::max();   // when it goes off; max: it is not set
};

channel_actor::behavior_type channel(channel_actor::stateful_pointer<channel_state> self,
                                     channel_arguments arguments);

}  // namespace interlude
