#!/usr/bin/env python3
"""What watched channels cost: CPU of polling, parsing and publishing, and memory of each channel.

A node with many channels, an origin for them, a viewer on each. See README.md.
"""

import argparse
import contextlib
import json
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import time

from channels_origin import RENDITIONS, TARGET
from channels_viewers import Viewers
from playlist import cpu_ns, load, start_nginx, threads_of
from programs import Child, Failure, ask, finish, make_clip, until, working_folder

ORG = "bench"
FEW = 10  # channels of the node that the memory is compared with
VIEWER_CONNECTIONS = 32
ADS = {"red": 16, "green": 16}  # seconds of each; together they fill a break of the origin's
STAND_IN = """#!/bin/sh
for file; do :; done
case $file in
*/probe-*.part) while IFS= read -r line; do echo "$line"; done <"{answer}" ;;
*) exec "{ffprobe}" "$@" ;;
esac
"""
TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    """Of the whole process so far, threads that have ended too."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def of_threads(pid, file):
    """What a file says of each thread; some live only for one job, and may end meanwhile."""
    for tid in threads_of(pid):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            yield tid, pathlib.Path(f"/proc/{pid}/task/{tid}/{file}").read_text()


def http_seconds(pid):
    """Of the threads that answer viewers."""
    serving = [tid for tid, name in of_threads(pid, "comm") if name.startswith("http-")]
    return sum(cpu_ns(tid) for tid in serving) / 1e9


def resident_kib(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0])


def has_children(pid):
    return any(children for _, children in of_threads(pid, "children"))


def keep_probe(folder):
    """All channels have the same media: what ffprobe says of a segment is found out once."""
    probe = ["ffprobe", "-v", "error", "-of", "json", "-show_streams", "-show_format"]
    answer = folder / "probe.json"
    with answer.open("wb") as out:
        subprocess.run(probe + [str(folder / "segment.ts")], check=True, stdout=out)
    stand_in = folder / "programs" / "ffprobe"
    stand_in.write_text(STAND_IN.format(answer=answer, ffprobe=shutil.which("ffprobe")))
    stand_in.chmod(0o755)


def search_path(folder):
    return f"{folder / 'programs'}:{os.environ['PATH']}"


def settings(a, folder, origin_url, channels):
    ads = {} if a.no_ads else ADS
    house_ads = [{"name": name, "source": str(folder / f"{name}.mp4")} for name in ads]
    slate = "" if a.no_ads else str(folder / "slate.mp4")
    return {
        "channels": [
            {
                "org": ORG,
                "name": f"c{i}",
                "origin": f"{origin_url}/c{i}/master.m3u8",
                "mode": "ssai",
                "house_ads": house_ads,
                "slate": slate,
            }
            for i in range(channels)
        ],
    }


class Station:
    """A node with so many channels, and viewers who watch all of them."""

    def __init__(self, a, folder, origin_url, channels, stack):
        self.channels = channels
        config = folder / f"node-{channels}.json"
        config.write_text(json.dumps(settings(a, folder, origin_url, channels)))
        command = [f"{a.bin}/interlude", "--config", str(config), "--listen", "127.0.0.1:0"]
        command += ["--data", str(folder / f"data-{channels}")]
        self.node = Child(f"node-{channels}", ["env", f"PATH={search_path(folder)}"] + command, folder)
        stack.callback(self.node.stop)
        url = self.node.wait_for(r"listening on (http:\S+)", 60)[1]
        paths = [f"/v1/{ORG}/c{i}" for i in range(channels)]
        self.viewers = Viewers(url, paths, TARGET, VIEWER_CONNECTIONS).start()
        stack.callback(self.viewers.stop)

    def check(self):
        self.node.check()
        if self.viewers.trouble:
            raise Failure(f"the viewers gave up: {self.viewers.trouble!r}")

    def warm_up(self, seconds):
        """Until everybody plays and all media that the node looks into or makes is done with."""
        expected = self.channels * len(RENDITIONS)
        quiet_since = [time.monotonic()]

        def at_rest():
            self.check()
            if has_children(self.node.pid) or len(self.viewers.playing) < expected:
                quiet_since[0] = time.monotonic()
            return time.monotonic() - quiet_since[0] > 10

        began = time.monotonic()
        until(f"{self.channels} channels are watched and at rest", 900, at_rest)
        print(f"{self.channels} channels at rest after {time.monotonic() - began - 10:.0f} s", flush=True)
        if self.viewers.failed:
            print(f"        {self.viewers.failed} requests failed till then: {self.viewers.last_failure}")
        time.sleep(seconds)
        self.check()
        self.viewers.failed = 0

    def still_live(self):
        """Every playlist moved on lately; returns how many show ads."""
        now = time.monotonic()
        late = sum(now - p.moved_at > 4 * TARGET for p in self.viewers.playing)
        if late or self.viewers.failed:
            why = f"{late} playlists stand still, {self.viewers.failed} requests failed"
            raise Failure(f"{why} {self.viewers.last_failure}")
        return sum(p.ads > 0 for p in self.viewers.playing)

    def window_kib(self):
        """The playlists of a channel, as viewers are told them."""
        return sum(p.bytes for p in self.viewers.playing) / 1024 / self.channels


def start_origin(a, folder, stack):
    command = [sys.executable, str(pathlib.Path(__file__).parent / "channels_origin.py")]
    command += ["--channels", str(a.channels), "--segment", str(folder / "segment.ts")]
    origin = Child("origin", command + ["--no-etag"] * a.no_etag, folder)
    stack.callback(origin.stop)
    return origin.wait_for(r"listening on (http:\S+)", 30)[1]


class Yardstick:
    """The least that asking for a playlist can cost: wrk, which throws away what it is told by nginx."""

    def __init__(self, a, folder, body, stack):
        _, url, files = start_nginx(a, folder, 0, stack)
        (files / "v0.m3u8").write_bytes(body)
        self.url = f"{url}/v0.m3u8"

    def microseconds(self):
        def spent():
            usage = resource.getrusage(resource.RUSAGE_CHILDREN)
            return usage.ru_utime + usage.ru_stime

        before = spent()
        requests = load(self.url, 2, max(os.sched_getaffinity(0)))
        return (spent() - before) / requests * 1e6


def measure(a, station, origin_url, yardstick):
    """The median round, in the order of its line."""
    pid, rounds = station.node.pid, []
    print("round   channels %   viewers %   polls/s   us/poll   requests/s   bare us   ratio")
    for i in range(a.rounds):
        clock, cpu, http = time.monotonic(), cpu_seconds(pid), http_seconds(pid)
        polls, requests = polls_of(origin_url), station.viewers.requests
        time.sleep(a.seconds)
        polls, requests = polls_of(origin_url) - polls, station.viewers.requests - requests
        http = http_seconds(pid) - http
        cpu, clock = cpu_seconds(pid) - cpu - http, time.monotonic() - clock
        station.check()
        bare, each = yardstick.microseconds(), cpu / polls * 1e6
        rates = 100 * cpu / clock, 100 * http / clock, polls / clock, each, requests / clock
        rounds.append((*rates, bare, each / bare))
        print(line(str(i + 1), *rounds[-1]), flush=True)
    medians = [statistics.median(x) for x in zip(*rounds)]
    print(line("median", *medians))
    return medians


def polls_of(origin_url):
    counts = json.loads(ask(f"{origin_url}/counts"))
    return counts["whole"] + counts["unchanged"]


def line(label, channels, viewers, polls, each, requests, bare, ratio):
    return (
        f"{label:6} {channels:11.1f} {viewers:11.1f} {polls:9.0f} {each:9.1f} {requests:12.0f}"
        f" {bare:9.1f} {ratio:7.1f}"
    )


def run(a):
    with contextlib.ExitStack() as stack:
        folder = working_folder(stack)
        for name, seconds in {**ADS, "slate": 10}.items():
            make_clip(folder / f"{name}.mp4", "gray" if name == "slate" else name, seconds)
        make_clip(folder / "segment.ts", "blue", TARGET)
        (folder / "programs").mkdir()
        if not a.real_probes:
            keep_probe(folder)
        origin_url = start_origin(a, folder, stack)
        with contextlib.ExitStack() as first:
            few = Station(a, folder, origin_url, FEW, first)
            few.warm_up(a.settle)
            few_kib = resident_kib(few.node.pid)
        many = Station(a, folder, origin_url, a.channels, stack)
        many.warm_up(a.settle)
        body = ask(f"{origin_url}/c0/v0.m3u8")
        print(f"a playlist of the origin has {len(body)} bytes", flush=True)
        medians = measure(a, many, origin_url, Yardstick(a, folder, body, stack))
        showing = many.still_live()
        print(f"{showing} of {len(many.viewers.playing)} playlists show ads at the end")
        many_kib = resident_kib(many.node.pid)
    return judge(a, medians, (few_kib, many_kib, many.window_kib()))


def judge(a, medians, memory):
    few_kib, many_kib, playlists = memory
    percent, ratio = medians[0] * 1000 / a.channels, medians[-1]
    each = (many_kib - few_kib) / (a.channels - FEW)
    beyond = each - playlists
    print(f"memory: {few_kib} KiB with {FEW} channels, {many_kib} KiB with {a.channels}: {each:.1f} KiB each,")
    print(f"        {playlists:.1f} KiB of it the playlists, {beyond:.1f} KiB beyond (limit {a.kib_limit:.0f})")
    print(f"CPU of 1000 channels: {percent:.1f} % of a core (limit {a.limit:.0f})")
    print(f"a poll costs {ratio:.1f} bare ones")
    return 0 if percent <= a.limit and beyond <= a.kib_limit else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", default="build/release/bin", help="folder of the programs")
    parser.add_argument("--channels", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=15, help="of each round")
    parser.add_argument("--settle", type=int, default=30, help="seconds before anything is measured")
    parser.add_argument("--no-ads", action="store_true", help="neither ads nor a slate")
    parser.add_argument("--real-probes", action="store_true", help="each segment is looked into with ffprobe")
    parser.add_argument("--no-etag", action="store_true", help="the origin answers every poll in full")
    parser.add_argument("--limit", type=float, default=40, help="percents of a core; exit 1 if above")
    parser.add_argument("--kib-limit", type=float, default=64, help="of each channel; exit 1 if above")
    parser.set_defaults(nginx="fastest")
    a = parser.parse_args()
    return finish("bench", lambda: run(a))


if __name__ == "__main__":
    sys.exit(main())
