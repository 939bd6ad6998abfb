#!/usr/bin/env python3
"""Ten thousand viewers who are an audience each, over one break: a slope of questions, and a plan for everybody in time.

A node that decides for each viewer, an ad server that takes its time, and a swarm that judges every playlist. See
README.md.
"""

import argparse
import contextlib
import datetime
import json
import pathlib
import re
import sys
import time

from programs import Child, Failure, ask, finish, make_clip, until, wait_until_conditioned, working_folder

ORG, CHANNEL = "bench", "each"
CUE_TOKEN = "bench"
LENGTH, ADS = 20, {"one": "red", "two": "green"}  # seconds; together they fill the break
SLOW = 0.1  # seconds that the ad server takes
SEGMENT = 4


def start_ad_server(a, folder, stack):
    command = [f"{a.bin}/interlude-adserver", "--listen", "127.0.0.1:0"]
    for name, colour in ADS.items():
        seconds = LENGTH // len(ADS)
        command += ["--ad", f"{name}={make_clip(folder / f'{name}.mp4', colour, seconds)}={seconds}"]
    server = Child("adserver", command, folder)
    stack.callback(server.stop)
    return server.wait_for(r"listening on (http:\S+)", 30)[1]


def start_origin(a, folder, stack):
    command = [f"{a.bin}/interlude-origin", "--listen", "127.0.0.1:0", "--dir", str(folder / "origin")]
    channel = f"name={CHANNEL};segment={SEGMENT};every=0;cues=none"
    origin = Child("origin", command + ["--channel", channel], folder)
    stack.callback(origin.stop)
    return origin.wait_for(r"listening on (http:\S+)", 600)[1]


def start_node(a, folder, origin_url, ads_url, stack):
    settings = {
        "private_ads": True,
        "ad_requests": {"max_concurrent": a.concurrency},
        "http": {"max_connections": 2 * a.players},
        "channels": [
            {
                "org": ORG,
                "name": CHANNEL,
                "origin": f"{origin_url}/{CHANNEL}/master.m3u8",
                "mode": "ssai",
                "ad_servers": [{"url": f"{ads_url}/vast?d=[break.duration]&s=[session.id]"}],
                "audiences": {"per": "viewer", "most": 2 * a.players},
                "warm_up": True,
                "breaks": {"default": LENGTH},
                "slate": make_clip(folder / "slate.mp4", "gray", 10),
                "cue_token": CUE_TOKEN,
            }
        ],
    }
    config = folder / "node.json"
    config.write_text(json.dumps(settings))
    command = [f"{a.bin}/interlude", "--config", str(config), "--data", str(folder / "data")]
    node = Child("node", command + ["--listen", "127.0.0.1:0"], folder)
    stack.callback(node.stop)
    url = node.wait_for(r"listening on (http:\S+)", 60)[1]
    wait_until_conditioned(node, url)
    return node, url


def decisions(url):
    text = ask(f"{url}/metrics").decode()
    return sum(int(v) for v in re.findall(r"interlude_decisions_total\{[^}]*\} (\d+)", text))


def audiences(url):
    return int(re.search(r"interlude_audiences\{[^}]*\} (\d+)", ask(f"{url}/metrics").decode())[1])


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def memory_mib(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def watch_break(a, node, url, ads_url):
    """A break is announced; how the questions for it are spread, and when the last was asked."""
    ask(f"{ads_url}/control", {"fault": "slow", "delay": SLOW})
    before, begun = decisions(url), time.time()
    start = begun + a.lead
    at = datetime.datetime.fromtimestamp(start, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    cue = {"action": "start", "at": at, "duration": LENGTH, "id": "the-break"}
    ask(f"{url}/v1/{ORG}/{CHANNEL}/cue", cue, {"Authorization": f"Bearer {CUE_TOKEN}"})
    seconds, last, cpu = [], 0, cpu_seconds(node.pid)
    while time.time() < start + LENGTH:
        node.check()
        now = decisions(url) - before
        seconds.append(now - last)
        if now > last:
            finished = time.time()
        last = now
        time.sleep(1)
    used = (cpu_seconds(node.pid) - cpu) / (time.time() - begun)
    asked = json.loads(ask(f"{ads_url}/control"))["asked"]
    ahead = start - finished
    print(f"questions in each second: {' '.join(map(str, seconds))}")
    print(f"{last} questions for {a.players} viewers, the last {ahead:.1f} s before the break")
    print(f"the ad server was asked at most {asked['mostAtOnce']} at a time (limit {a.concurrency})")
    print(f"the node used {100 * used:.0f} % of a core and has {memory_mib(node.pid):.0f} MiB")
    return last >= a.players and ahead > 0 and asked["mostAtOnce"] <= a.concurrency


def swarm_says(report):
    media = report["latencies"]["media"]
    print(f"{media['count']} playlists, p50 {media['p50_ms']:.1f} ms, p99 {media['p99_ms']:.1f} ms")
    print(f"{report['violation_count']} violations, failures: {report['failures'][:3]}")
    return report["violation_count"] == 0 and not report["failures"]


def run(a):
    with contextlib.ExitStack() as stack:
        folder = working_folder(stack, a.folder)
        ads_url = start_ad_server(a, folder, stack)
        origin_url = start_origin(a, folder, stack)
        node, url = start_node(a, folder, origin_url, ads_url, stack)
        command = [f"{a.bin}/interlude-swarm", "--target", f"{url}/v1/{ORG}/{CHANNEL}", "--guided", "0"]
        command += ["--players", str(a.players), "--ramp", str(a.ramp), "--all-renditions", "0", "--ads", str(a.ads)]
        command += ["--duration", str(a.ramp + a.lead + 2 * LENGTH + 20), "--report", str(folder / "report.json")]
        swarm = Child("swarm", command, folder)
        stack.callback(swarm.stop)
        until("everybody is there", a.ramp + 30, lambda: audiences(url) >= a.players)
        good = watch_break(a, node, url, ads_url)
        until("the swarm goes home", 120, lambda: swarm.process.poll() is not None)
        good = swarm_says(json.loads((folder / "report.json").read_text())) and good
    print("ok" if good else "FAILED")
    return 0 if good else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", default="build/release/bin", help="folder of the programs")
    parser.add_argument("--players", type=int, default=10_000)
    parser.add_argument("--ramp", type=int, default=60, help="seconds within which they come")
    parser.add_argument("--lead", type=int, default=40, help="seconds from the cue to the break")
    parser.add_argument("--ads", type=float, default=0.02, help="share of the ads' segments that are fetched")
    parser.add_argument("--folder", help="where logs and the swarm's report are kept; none: nowhere")
    parser.add_argument("--concurrency", type=int, default=64, help="questions to the ad server at a time")
    a = parser.parse_args()
    return finish("bench", lambda: run(a))


if __name__ == "__main__":
    sys.exit(main())
