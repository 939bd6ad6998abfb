#!/usr/bin/env python3
"""What viewers notice of an ad server that fails: nothing. Latencies of media playlists, and what breaks play.

A node, an origin with breaks, an ad server with each of its faults in turn, and a swarm of viewers. See README.md.
"""

import argparse
import contextlib
import json
import re
import sys
import time

from programs import Child, Failure, ask, finish, make_clip, seconds_of, until, wait_until_conditioned, working_folder

ORG = "bench"
EVERY, LENGTH = 45, 20  # seconds; each break has to ask for its own ads
# How the break is told: before it begins, or with its first segment.
CHANNELS = {"announced": "cues=daterange;announce=8", "at-once": "cues=cue-out"}
ADS = {"one": "red", "two": "green"}  # of the ad server; together they fill a break
AD_LENGTH = LENGTH // len(ADS)
HEALTHY = {"fault": "none"}
DEAD = None
# What the ad server is told for a while; the deadline of a break to come is 3 s, of one that has begun 1 s.
PHASES = {
    "healthy": HEALTHY,
    "never answers": {"fault": "never"},
    "answers late": {"fault": "slow", "delay": 4},
    "sends 10 MB": {"fault": "huge"},
    "wrapper loop": {"fault": "loop"},
    "dead": DEAD,
    "healthy again": HEALTHY,
}
AFTER_BREAK = 6  # seconds from a break's end to the next phase
SWITCHING = 4  # seconds without viewers between two phases


class AdServer:
    """It dies, and comes back to the same port."""

    def __init__(self, a, folder, stack):
        self.command = [f"{a.bin}/interlude-adserver"]
        for name, colour in ADS.items():
            self.command += ["--ad", f"{name}={make_clip(folder / f'{name}.mp4', colour, AD_LENGTH)}={AD_LENGTH}"]
        self.folder, self.listen, self.child = folder, "127.0.0.1:0", None
        self.start()
        self.url = self.child.wait_for(r"listening on (http:\S+)", 30)[1]
        self.listen = self.url.removeprefix("http://")
        stack.callback(self.stop)

    def start(self):
        self.child = Child("adserver", self.command + ["--listen", self.listen], self.folder)

    def stop(self):
        if self.child:
            self.child.stop()
            self.child = None

    def become(self, order):
        if order is DEAD:
            return self.stop()
        if not self.child:
            self.start()
        until("the ad server obeys", 10, lambda: self.obeys(order))

    def obeys(self, order):
        with contextlib.suppress(OSError):
            return ask(f"{self.url}/control", order)


class Viewer:
    """Notes what the breaks of a channel play, as one of its viewers is told."""

    def __init__(self, channel):
        master = ask(f"{channel}/master.m3u8?mode=ssai").decode()
        self.session = f"{channel}/{re.search(r'^s/[^/]+', master, re.M)[0]}"
        self.breaks = {}

    def look(self):
        ask(f"{self.session}/v0.m3u8")
        for b in json.loads(ask(f"{self.session}/tracking.json"))["breaks"]:
            if b["ads"]:
                self.breaks[b["id"]] = b

    def shown(self, begin, end):
        """For each break that began between these times, what filled it."""
        return [b for b in self.breaks.values() if begin <= seconds_of(b["start"]) < end]


def names_of(b):
    return [ad["name"] if ad["kind"] == "ad" else ad["kind"] for ad in b["ads"]]


def start_origin(a, folder, stack):
    command = [f"{a.bin}/interlude-origin", "--listen", "127.0.0.1:0", "--dir", str(folder / "origin")]
    for name, cues in CHANNELS.items():
        command += ["--channel", f"name={name};segment=2;every={EVERY};length={LENGTH};{cues}"]
    origin = Child("origin", command, folder)
    stack.callback(origin.stop)
    return origin.wait_for(r"listening on (http:\S+)", 600)[1]


def start_node(a, folder, origin_url, ads_url, stack):
    house = make_clip(folder / "house.mp4", "blue", LENGTH)
    slate = make_clip(folder / "slate.mp4", "gray", 10)
    channels = [
        {
            "org": ORG,
            "name": name,
            "origin": f"{origin_url}/{name}/master.m3u8",
            "ad_servers": [{"url": f"{ads_url}/vast?d=[break.duration]&n=[break.number]&wrappers=1"}],
            "warm_up": True,
            "decisions": {"fresh": 5, "stale": 0, "refusal": 1},
            "house_ads": [{"name": "house", "source": house}],
            "slate": slate,
            "breaks": {"default": LENGTH},
        }
        for name in CHANNELS
    ]
    config = folder / "node.json"
    config.write_text(json.dumps({"private_ads": True, "channels": channels}))
    command = [f"{a.bin}/interlude", "--config", str(config), "--data", str(folder / "data")]
    node = Child("node", command + ["--listen", "127.0.0.1:0"], folder)
    stack.callback(node.stop)
    url = node.wait_for(r"listening on (http:\S+)", 60)[1]
    wait_until_conditioned(node, url)
    return node, url


def start_swarms(a, folder, url, seconds):
    """One for each channel; a report does not tell channels apart."""
    swarms = {}
    for name in CHANNELS:
        command = [f"{a.bin}/interlude-swarm", "--target", f"{url}/v1/{ORG}/{name}", "--ramp", "5"]
        command += ["--players", str(a.players), "--duration", str(seconds)]
        swarms[name] = Child(f"swarm-{name}", command + ["--report", str(folder / f"{name}.json")], folder)
    return swarms


def watch(a, folder, node, url, viewers, end):
    """The reports of a phase that lasts until then."""
    swarms = start_swarms(a, folder, url, end - SWITCHING - time.time())
    try:
        while time.time() < end - SWITCHING or any(s.process.poll() is None for s in swarms.values()):
            node.check()
            for v in viewers.values():
                # Failures are for the swarm to tell: it counts them all.
                with contextlib.suppress(OSError):
                    v.look()
            if time.time() > end:
                raise Failure("the swarm does not go home")
            time.sleep(1)
    finally:
        for s in swarms.values():
            s.stop()
    return {name: json.loads((folder / f"{name}.json").read_text()) for name in CHANNELS}


def wait_for_phase(folder):
    """The time at which the first one begins: between two breaks."""
    epoch = seconds_of((folder / "origin" / "epoch").read_text().strip())
    wait = (epoch + LENGTH + AFTER_BREAK - time.time()) % EVERY
    time.sleep(wait)
    return time.time()


def measure(a, folder, node, url, ad_server):
    """(phase, channel, report, breaks) of each phase and channel."""
    viewers = {name: Viewer(f"{url}/v1/{ORG}/{name}") for name in CHANNELS}
    begin, found = wait_for_phase(folder), []
    print(f"{'phase':14} {'channel':10} {'requests':>8} {'p50 ms':>7} {'p99 ms':>7} {'max ms':>7}  breaks played")
    for phase, order in PHASES.items():
        ad_server.become(order)
        end = begin + a.breaks * EVERY
        reports = watch(a, folder, node, url, viewers, end)
        for name, report in reports.items():
            breaks = viewers[name].shown(begin, end)
            media = report["latencies"]["media"]
            played = ", ".join(" ".join(names_of(b)) for b in breaks)
            times = f"{media['p50_ms']:7.1f} {media['p99_ms']:7.1f} {media['max_ms']:7.1f}"
            print(f"{phase:14} {name:10} {media['count']:8} {times}  {played}", flush=True)
            found.append((phase, name, report, breaks))
        begin = end
    return found


def wrong_with(a, phase, report, breaks, base):
    """What a phase on one channel did that it must not, in words."""
    rise = report["latencies"]["media"]["p99_ms"] - base
    if not phase.startswith("healthy") and rise > a.limit:
        yield f"p99 rises by {rise:.1f} ms (limit {a.limit:.0f})"
    if len(breaks) < a.breaks:
        yield f"{len(breaks)} of {a.breaks} breaks were seen"
    # An ad server that was away may be left alone for a while after it is back.
    expected = {"healthy": [set(ADS)], "healthy again": [set(ADS), {"house"}]}.get(phase, [{"house"}])
    for b in breaks:
        if set(names_of(b)) not in expected:
            yield f"a break played {' '.join(names_of(b))}"
    if report["violation_count"] or report["failures"]:
        yield f"{report['violation_count']} violations, failures: {report['failures'][:3]}"


def judge(a, found):
    status = 0
    for name in CHANNELS:
        mine = [(phase, report, breaks) for phase, channel, report, breaks in found if channel == name]
        base = max(r["latencies"]["media"]["p99_ms"] for p, r, _ in mine if p.startswith("healthy"))
        for phase, report, breaks in mine:
            for what in wrong_with(a, phase, report, breaks, base):
                print(f"{name}, {phase}: {what}")
                status = 1
        rises = [r["latencies"]["media"]["p99_ms"] - base for p, r, _ in mine if not p.startswith("healthy")]
        print(f"{name}: p99 is {base:.1f} ms with a healthy ad server, and rises by {max(0, *rises):.1f} ms at most")
    print("ok" if status == 0 else "FAILED")
    return status


def run(a):
    with contextlib.ExitStack() as stack:
        folder = working_folder(stack)
        ad_server = AdServer(a, folder, stack)
        origin_url = start_origin(a, folder, stack)
        node, url = start_node(a, folder, origin_url, ad_server.url, stack)
        found = measure(a, folder, node, url, ad_server)
    return judge(a, found)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", default="build/release/bin", help="folder of the programs")
    parser.add_argument("--players", type=int, default=100, help="of each channel")
    parser.add_argument("--breaks", type=int, default=2, help="of each phase")
    parser.add_argument("--limit", type=float, default=5, help="ms by which p99 may rise; exit 1 if above")
    a = parser.parse_args()
    return finish("bench", lambda: run(a))


if __name__ == "__main__":
    sys.exit(main())
