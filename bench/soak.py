#!/usr/bin/env python3
"""A soak: 200 players watch a node whose origin does everything wrong in turn, and which is killed five times.

Three criteria, each of which fails the soak:

1. No playlist that a player was served violated an invariant (interlude-swarm judges every one).
2. No 5xx while the last good playlist was younger than three target durations: every failure that players met must lie
   behind three target durations of a fault that keeps playlists from being read, or within seconds of a kill. A node
   that is killed during such a fault has read nothing yet: that excuses it until the fault is over.
3. The node's memory is flat: from the tenth minute on, the resident set stays within 5 % of what it was in that minute.
   Ads are files that are mapped into memory when they are shown first, so all are asked for shortly before that.
   A killed process begins anew, so all kills are in the first ten minutes (in the first half of a soak of less than
   twenty), and what is judged is the life of the last process. A soak whose last life is shorter than ten minutes says
   what it measured and judges nothing.

See README.md.
"""

import argparse
import contextlib
import json
import math
import os
import pathlib
import random
import re
import statistics
import sys
import tempfile
import threading
import time

from programs import Child, Failure, ask, finish, make_clip, seconds_of, wait_until_conditioned
from soak_faults import BEFORE_BREAK, SLOT, schedule

ORG = "soak"
# Target durations as the origin's playlists have them.
CHANNELS = {
    "ts": ("segment=3;length=21;cues=cue-out", 3),
    "cmaf": ("container=fmp4;audio=demuxed;segment=5;window=8;length=20;cues=daterange", 5),
    "locked": ("encrypted=yes;segment=4;length=20;cues=scte35", 4),
    "words": (
        "container=fmp4;audio=demuxed;encrypted=yes;explicit_iv=yes;subtitles=yes;segment=4;length=24;"
        "cues=cue-out-slash",
        4,
    ),
    "inband": ("segment=3;length=21;cues=in-band", 3),
    "ntsc": ("rate=29.97;audio=demuxed;segment=6;window=6;length=20;cues=oatcls", 7),
}
ADS = {"red": 10, "green": 10, "blue": 5}
SLATE = 10
KILL_GRACE = 6  # seconds until a node that was killed has read its origin again


class Node:
    """The node under test: killed and started with the same folder and port."""

    def __init__(self, a, folder, origin_url):
        self.a, self.folder = a, folder
        self.config = folder / "node.json"
        self.config.write_text(json.dumps(self.settings(origin_url)))
        self.listen = "127.0.0.1:0"
        self.lives, self.kills = [], []
        self.lock = threading.Lock()
        self.start()
        self.url = self.child.wait_for(r"listening on (http:\S+)", 60)[1]
        self.listen = self.url.removeprefix("http://")

    def settings(self, origin_url):
        ads = [
            {"name": name, "source": make_clip(self.folder / f"{name}.mp4", name, seconds)}
            for name, seconds in ADS.items()
        ]
        slate = make_clip(self.folder / "slate.mp4", "gray", SLATE)
        return {
            "channels": [
                {
                    "org": ORG,
                    "name": name,
                    "origin": f"{origin_url}/{name}/master.m3u8",
                    "house_ads": ads,
                    "slate": slate,
                    "in_band_cues": "cues=in-band" in text,
                }
                for name, (text, _) in CHANNELS.items()
            ]
        }

    def start(self):
        command = [f"{self.a.bin}/interlude", "--config", str(self.config)]
        command += ["--data", str(self.folder / "data"), "--listen", self.listen]
        self.child = Child("node", command, self.folder)
        self.lives.append([])

    def kill_and_start(self):
        with self.lock:
            self.child.check()
            self.child.process.kill()
            self.child.process.wait()
            self.kills.append(time.time())
            self.start()

    def show_all_ads(self):
        """Ad segments are mapped when they are asked for first: from here on all of them are resident."""
        master = ask(f"{self.url}/v1/{ORG}/{next(iter(CHANNELS))}/master.m3u8?mode=ssai").decode()
        session = re.search(r"^s/[^/]+", master, re.M)[0]
        creatives = self.folder / "data" / "creatives"
        for file in creatives.glob("*/*/*"):
            name = file.relative_to(creatives)
            if file.suffix in (".ts", ".m4s", ".mp4", ".vtt", ".aac") and "." not in name.parts[0]:
                ask(f"{self.url}/v1/{ORG}/{next(iter(CHANNELS))}/{session}/ad/b0/0/c/{name}")

    def sample(self, begun):
        """Seconds since the soak began, resident KiB, and what of it is the process's own."""
        with self.lock:
            status = pathlib.Path(f"/proc/{self.child.pid}/status").read_text()
            values = dict(line.split(":", 1) for line in status.splitlines())
            own = int(values["RssAnon"].split()[0])
            self.lives[-1].append((time.time() - begun, int(values["VmRSS"].split()[0]), own))

    def stop(self):
        with self.lock:
            self.child.stop()


def start_origin(a, folder, listen, script, stack):
    command = [f"{a.bin}/interlude-origin", "--listen", listen, "--dir", str(folder / "origin")]
    for name, (text, _) in CHANNELS.items():
        command += ["--channel", f"name={name};every={SLOT};{text}"]
    if script:
        command += ["--script", str(script)]
    origin = Child("origin", command, folder)
    stack.callback(origin.stop)
    return origin


def first_slot(folder):
    """Seconds from now to the first slot: breaks begin at multiples of SLOT after the origin's first start of all."""
    epoch = seconds_of((folder / "origin" / "epoch").read_text().strip())
    wait = (epoch - BEFORE_BREAK - time.time()) % SLOT
    return wait if wait >= 10 else wait + SLOT


def start_swarm(a, folder, node, stack):
    command = [f"{a.bin}/interlude-swarm", "--players", str(a.players), "--seed", str(a.seed)]
    command += ["--duration", str(a.minutes * 60), "--ramp", "30", "--guided", "0.35", "--churn", "120"]
    command += ["--all-renditions", "0.25", "--report", str(folder / "swarm.json")]
    command += ["--violations-dir", str(folder / "violations")]
    for name in CHANNELS:
        command += ["--target", f"{node.url}/v1/{ORG}/{name}"]
    swarm = Child("swarm", command, folder)
    stack.callback(swarm.stop)
    return swarm


def kill_span(a):
    return 600 if a.minutes >= 20 else a.minutes * 30


def kill_times(a):
    chance = random.Random(a.seed)
    return sorted(chance.uniform(25, kill_span(a)) for _ in range(a.kills))


def watch(a, node, origin, swarm, begun):
    """Until the swarm has gone home: kills and samples."""
    kills = kill_times(a)
    next_sample = begun
    next_showing = begun + 60
    while swarm.process.poll() is None:
        now = time.time()
        if kills and now >= begun + kills[0]:
            kills.pop(0)
            node.kill_and_start()
            print(f"{now - begun:6.0f} s  kill -9", flush=True)
        if not kills and now > next_showing:
            # An origin that cannot be read begins no session.
            with contextlib.suppress(OSError):
                node.show_all_ads()
                next_showing = math.inf
        if kills or node.kills and now < node.kills[-1] + 20:
            next_showing = now + 1
        if now >= next_sample:
            node.sample(begun)
            next_sample += 10
        node.child.check()
        origin.check()
        time.sleep(0.2)
    if swarm.process.returncode not in (0, 1):
        raise Failure(f"the swarm ended with {swarm.process.returncode}:\n{swarm.output.read_text()}")


def judge_failures(report, windows, node, begun):
    """Failures that nothing excuses, one line each."""
    unexcused = []
    for f in report["failures"]:
        # Counted by the second: it may have been at its end.
        at, channel = seconds_of(f["at"]), f["channel"]
        target = CHANNELS[channel][1]
        killed = any(kill - 1 <= at <= kill + KILL_GRACE for kill in node.kills)
        blind = any(
            w.channel == channel and (w.excuses_failure(at - begun, target) or w.excuses_failure(at - begun + 1, target))
            for w in windows
        )
        bare = any(w.channel == channel and w.leaves_nothing(at - begun, k - begun, target)
                   for w in windows for k in node.kills)
        if not killed and not blind and not bare:
            unexcused.append(f"{at - begun:6.0f} s  {channel}: {f['what']} ({f['count']} times)")
    return unexcused


def judge_moments(report, kind, windows, node, begun, excusing):
    """Stalls or steps of the dates outside of what explains them: worth a look, but no criterion."""
    odd = []
    for m in report[kind]:
        at, target = seconds_of(m["at"]) - begun, CHANNELS[m["channel"]][1]
        explained = any(w.channel == m["channel"] and excusing(w) and w.covers(at, target) for w in windows)
        near_kill = any(0 <= at - (kill - begun) <= KILL_GRACE + 4 * target for kill in node.kills)
        if not explained and not near_kill:
            odd.append(f"{at:6.0f} s  {m['channel']} {m['rendition']}: {m['seconds']:.1f} s ({m['viewers']} viewers)")
    return odd


def judge_memory(a, node, begun):
    """Growth of the last life in percent of what it was, how much of it is judged, and a line to print."""
    life = node.lives[-1]
    first = max(life[0][0] + 60, 600 if a.minutes >= 20 else 0)
    judged = [s for s in life if s[0] >= first]
    if len(judged) < 12:
        return None, "too short to say anything"
    minutes = [judged[i : i + 6] for i in range(0, len(judged) - 5, 6)]
    resident = [statistics.median(s[1] for s in m) for m in minutes]
    own = [statistics.median(s[2] for s in m) for m in minutes]
    worst = max(abs(r - resident[0]) for r in resident) / resident[0] * 100
    text = f"{resident[0] / 1024:.1f} MiB, {resident[-1] / 1024:.1f} at the end ({own[0] / 1024:.1f} and "
    text += f"{own[-1] / 1024:.1f} of its own), {worst:.1f} % off at most, over {len(minutes)} minutes"
    return (worst if len(minutes) >= 10 else None), text


def conclude(a, folder, windows, node, begun):
    report = json.loads((folder / "swarm.json").read_text())
    print((folder / "swarm.log").read_text())
    failures = judge_failures(report, windows, node, begun)
    worst, memory = judge_memory(a, node, begun)
    for title, lines in (
        ("failures without an excuse", failures),
        ("stalls outside of faults", judge_moments(report, "stalls", windows, node, begun, lambda w: True)),
        ("steps of dates outside of faults", judge_moments(report, "date_jumps", windows, node, begun, lambda w: True)),
    ):
        print(f"{title}: {len(lines)}", *lines[:40], sep="\n")
    log = (folder / "node.log").read_text()
    warnings = sum(" warning " in line or " error " in line for line in log.splitlines())
    verdicts = [
        ("invariants", report["violation_count"] == 0, f"{report['violation_count']} violations in "
         f"{report['playlists_checked']} playlists of {sum(report['sessions'].values())} sessions"),
        ("availability", not failures, f"{len(failures)} moments without an excuse; {len(node.kills)} kills"),
        ("memory", worst is None or worst <= 5, memory + ("" if worst is not None else " (not judged)")),
    ]
    print(f"\nnode's log: {warnings} warnings and errors")
    for name, good, text in verdicts:
        print(f"{name:14} {'passed' if good else 'FAILED'}  {text}")
    return 0 if all(good for _, good, _ in verdicts) else 1


def soak(a, folder):
    with contextlib.ExitStack() as stack:
        first = start_origin(a, folder, "127.0.0.1:0", None, stack)
        origin_url = first.wait_for(r"listening on (http:\S+)", 300)[1]
        node = Node(a, folder, origin_url)
        stack.callback(node.stop)
        wait_until_conditioned(node.child, node.url)
        # The script's clock begins with the origin: it is started anew, where it was.
        first.stop()
        text, windows = schedule(list(CHANNELS), a.minutes * 60, first_slot(folder))
        script = folder / "faults.jsonl"
        script.write_text(text)
        (folder / "origin.log").unlink()
        origin = start_origin(a, folder, origin_url.removeprefix("http://"), script, stack)
        origin.wait_for("listening", 60)
        begun = time.time()
        swarm = start_swarm(a, folder, node, stack)
        print(f"{a.players} players, {a.minutes} minutes; everything is in {folder}", flush=True)
        watch(a, node, origin, swarm, begun)
        (folder / "samples.json").write_text(json.dumps({"begun": begun, "kills": node.kills, "lives": node.lives}))
    return conclude(a, folder, windows, node, begun)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", default="build/release/bin", help="folder of the programs")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--players", type=int, default=200)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=pathlib.Path, help="an empty folder that is kept; else one that is removed "
                        "unless the soak fails")
    a = parser.parse_args()
    folder = a.folder or pathlib.Path(tempfile.mkdtemp(prefix="interlude-soak-"))
    folder.mkdir(parents=True, exist_ok=True)
    return finish("soak", lambda: soak(a, folder.resolve()))


if __name__ == "__main__":
    sys.exit(main())
