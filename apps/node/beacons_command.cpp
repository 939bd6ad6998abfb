#include "apps/node/beacons_command.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <boost/program_options.hpp>
#include <cstdlib>
#include <istream>
#include <ostream>
#include <vector>

#include "apps/node/beacons_text.hpp"
#include "apps/node/operator_client.hpp"
#include "media/core/hex.hpp"
#include "media/core/json_text.hpp"

namespace interlude {

namespace {

namespace json = boost::json;
namespace po = boost::program_options;

constexpr auto usage =
    "usage: interlude beacons status                how many wait, and for whom\n"
    "       interlude beacons list                  those that were given up\n"
    "       interlude beacons show NAME...          all that is known of some of them\n"
    "       interlude beacons replay NAME...|--all  sends them again\n"
    "       interlude beacons drop NAME...|--all    deletes them\n";

constexpr std::size_t page = 1000, names_at_once = 5000;
constexpr std::size_t longest_list = 1'000'000;
constexpr int most_rounds = 10'000;  // of 10,000 each

struct beacons_question {
  std::string action, url, token, channel, host, after;
  std::vector<std::string> names;
  std::size_t limit = 0;
  bool all = false, as_json = false, help = false;
};

po::options_description options_for(beacons_question& q) {
  po::options_description known{"Options"};
  known.add_options()("url", po::value(&q.url)->default_value("http://127.0.0.1:8080"),
                      "where the node listens")(
      "token", po::value(&q.token),
      "its operator_token; without it, INTERLUDE_OPERATOR_TOKEN of the environment")(
      "channel", po::value(&q.channel), "only those of org/name")(
      "host", po::value(&q.host), "only those for a host, with its port or without")(
      "all", po::bool_switch(&q.all), "replay, drop: all of them (of a channel or host)")(
      "limit", po::value(&q.limit)->default_value(100), "list: so many at most")(
      "after", po::value(&q.after), "list: only those behind this name")(
      "json", po::bool_switch(&q.as_json), "print JSON")("help,h", po::bool_switch(&q.help),
                                                         "this text");
  return known;
}

// What is wrong with it; empty: nothing.
std::string objection(const beacons_question& q) {
  const bool changes = q.action == "replay" || q.action == "drop";
  const bool lists = q.action == "list";
  if (!changes && !lists && q.action != "status" && q.action != "show")
    return q.action.empty() ? "what to do is missing" : "unknown: " + q.action;
  if (q.action == "show" && q.names.empty()) return "names are missing";
  if (changes && q.names.empty() != q.all) return "either names or --all is expected";
  if ((lists || q.action == "status") && !q.names.empty()) return "no names are expected";
  if (q.all && !changes) return "--all belongs to replay and drop";
  if (!(q.channel.empty() && q.host.empty()) && !lists && !q.all)
    return "--channel and --host belong to list and --all";
  for (const auto& name : q.names)
    if (name.size() != 32 || !from_hex(name)) return "this is no name (list has them): " + name;
  if (q.limit < 1 || q.limit > longest_list) return "--limit: a number from 1 to 1000000";
  return {};
}

// False: help is wanted.
result<bool> read_question(std::span<const std::string> words, const po::options_description& known,
                           beacons_question& q) {
  po::options_description hidden;
  hidden.add_options()("action", po::value(&q.action))("names", po::value(&q.names));
  po::options_description every;
  every.add(known).add(hidden);
  po::positional_options_description order;
  order.add("action", 1).add("names", -1);
  try {
    po::variables_map given;
    po::store(po::command_line_parser(std::vector<std::string>{words.begin(), words.end()})
                  .options(every)
                  .positional(order)
                  .run(),
              given);
    po::notify(given);
  } catch (const po::error& e) {
    return error{errc::malformed, "", e.what()};
  }
  if (q.help) return false;
  if (auto why = objection(q); !why.empty()) return error{errc::malformed, "", std::move(why)};
  const auto* kept = std::getenv("INTERLUDE_OPERATOR_TOKEN");
  if (q.token.empty() && kept != nullptr) q.token = kept;
  return true;
}

class beacons_command {
 public:
  beacons_command(const beacons_question& q, std::ostream& out, std::ostream& err)
      : q_(q), node_(q.url, q.token), out_(out), err_(err) {}

  int run() {
    if (q_.action == "status") return status();
    if (q_.action == "list") return list();
    if (q_.action == "show") return show();
    return q_.all ? change_all() : change_named();
  }

 private:
  int failed(const error& e) {
    err_ << plain_text(e.message()) << '\n';
    return 1;
  }

  int status() {
    const auto seen = node_.get("/v1/beacons");
    if (!seen) return failed(seen.error());
    out_ << (q_.as_json ? indented_json(*seen) + '\n' : status_text(*seen));
    return 0;
  }

  int list() {
    auto after = q_.after;
    json::array all;
    std::size_t left = q_.limit;
    bool more = true;
    while (more && left > 0) {
      operator_client::parameters query{{"limit", std::to_string(std::min(left, page))}};
      for (const auto& [name, value] : {std::pair<const char*, const std::string*>{"after", &after},
                                        {"channel", &q_.channel},
                                        {"host", &q_.host}})
        if (!value->empty()) query.emplace_back(name, *value);
      const auto got = node_.get("/v1/beacons/dead", query);
      if (!got) return failed(got.error());
      const auto* found = got->get_object().if_contains("dead");
      if (found == nullptr || !found->is_array())
        return failed({errc::malformed, q_.url, "what was answered is no list"});
      for (const auto& b : found->get_array()) {
        if (q_.as_json)
          all.push_back(b);
        else
          out_ << beacon_line(b);
      }
      left -= std::min(left, found->get_array().size());
      const auto next = text_in(*got, "next");
      more = !next.empty() && next != after;
      if (more) after = next;
    }
    return end_list(std::move(all), more ? after : std::string{});
  }
  int end_list(json::array all, const std::string& next) {
    if (q_.as_json) {
      json::object whole{{"dead", std::move(all)}};
      if (!next.empty()) whole["next"] = next;
      out_ << indented_json(whole) << '\n';
    } else if (!next.empty()) {
      err_ << "there may be more: --after " << plain_text(next) << '\n';
    }
    return 0;
  }

  int show() {
    int worst = 0;
    for (const auto& name : q_.names) {
      const auto one = node_.get("/v1/beacons/dead/" + name);
      if (one)
        out_ << indented_json(*one) << '\n';
      else
        worst = failed(one.error());
      if (!one && one.error().code != errc::not_found) break;
    }
    return worst;
  }

  int change_named() {
    change_total total;
    for (std::size_t from = 0; from < q_.names.size() && !total.full; from += names_at_once) {
      json::array names;
      for (auto i = from; i < std::min(q_.names.size(), from + names_at_once); ++i)
        names.emplace_back(q_.names[i]);
      const auto done = node_.post("/v1/beacons/dead/" + q_.action, {{"names", std::move(names)}});
      if (!done) return end_change(total, failed(done.error()));
      total.add(*done, q_.action);
    }
    return end_change(total, 0);
  }
  int change_all() {
    change_total total;
    json::object which{{"all", true}};
    if (!q_.channel.empty()) which["channel"] = q_.channel;
    if (!q_.host.empty()) which["host"] = q_.host;
    bool more = true;
    for (int round = 0; more && round < most_rounds; ++round) {
      const auto done = node_.post("/v1/beacons/dead/" + q_.action, which);
      if (!done) return end_change(total, failed(done.error()));
      total.add(*done, q_.action);
      const auto next = text_in(*done, "next");
      more = !next.empty() && !total.full;
      // What fails once more is not sent in circles.
      which["after"] = next;
      which["until"] = text_in(*done, "until");
    }
    return end_change(total, 0);
  }
  int end_change(const change_total& total, int outcome) {
    out_ << (q_.as_json ? indented_json(total.to_json(q_.action)) + '\n' : total.text(q_.action));
    const auto trouble = total.trouble();
    err_ << trouble;
    return trouble.empty() ? outcome : 1;
  }

  const beacons_question& q_;
  operator_client node_;
  std::ostream &out_, &err_;
};

}  // namespace

int run_beacons_command(std::span<const std::string> words, std::istream&, std::ostream& out,
                        std::ostream& err) {
  beacons_question q;
  auto known = options_for(q);
  const auto read = read_question(words, known, q);
  if (!read) {
    err << plain_text(read.error().message()) << '\n'
        << usage << "       interlude beacons --help\n";
    return 2;
  }
  if (!*read) {
    out << usage << known;
    return 0;
  }
  return beacons_command{q, out, err}.run();
}

}  // namespace interlude
