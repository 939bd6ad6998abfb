#!/usr/bin/env python3
"""What the decision cache is good for: hit ratio, CPU of a cached decision, and questions per decision.

A node with an ad server. Audiences are asked for as people choose them (Zipf); see README.md.
"""

import argparse
import bisect
import concurrent.futures
import contextlib
import http.client
import itertools
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import threading
import time

from programs import Child, Failure, ask, finish, make_clip, until, is_ready, working_folder

ORG, CHANNEL = "bench", "ads"
TOKEN = "bench"
LENGTH = 10  # seconds
WRK = """
wrk.method = "POST"
wrk.body = [[{body}]]
wrk.headers["Authorization"] = "Bearer {token}"
wrk.headers["Content-Type"] = "application/json"
"""


class Zipf:
    def __init__(self, keys, s, seed):
        self.random = random.Random(seed)
        self.sums = list(itertools.accumulate(1 / (i + 1) ** s for i in range(keys)))

    def draw(self):
        return bisect.bisect(self.sums, self.random.random() * self.sums[-1])


def start_ad_server(a, folder, stack):
    clip = make_clip(folder / "ad.mp4", "red", LENGTH)
    command = [f"{a.bin}/interlude-adserver", "--listen", "127.0.0.1:0", "--ad", f"ad={clip}={LENGTH}"]
    server = Child("adserver", command, folder)
    stack.callback(server.stop)
    return server.wait_for(r"listening on (http:\S+)", 30)[1]


def start_origin(a, folder, stack):
    command = [f"{a.bin}/interlude-origin", "--listen", "127.0.0.1:0", "--dir", str(folder / "origin")]
    origin = Child("origin", command + ["--channel", f"name={CHANNEL};segment=2;window=30;every=0;cues=none"], folder)
    stack.callback(origin.stop)
    return origin.wait_for(r"listening on (http:\S+)", 600)[1]


def start_node(a, folder, origin_url, ads_url, stack):
    settings = {
        "threads": 1,
        "private_ads": True,
        "decision_token": TOKEN,
        "channels": [
            {
                "org": ORG,
                "name": CHANNEL,
                "origin": f"{origin_url}/{CHANNEL}/master.m3u8",
                "mode": "ssai",
                "ad_servers": [{"url": f"{ads_url}/vast?d=[break.duration]&k=[ads.key]"}],
                "audiences": {"by": ["ads.key"]},
            }
        ],
    }
    config = folder / "node.json"
    config.write_text(json.dumps(settings))
    command = [f"{a.bin}/interlude", "--config", str(config), "--data", str(folder / "data")]
    node = Child("node", command + ["--listen", "127.0.0.1:0"], folder)
    stack.callback(node.stop)
    url = node.wait_for(r"listening on (http:\S+)", 60)[1]
    until("the node is ready", 60, lambda: is_ready(url))
    return node, url


def question(key):
    return {"channel": f"{ORG}/{CHANNEL}", "durationSec": LENGTH, "context": {"key": str(key)}}


class Clients:
    """Threads with a connection each."""

    def __init__(self, url):
        self.host, self.local = url.removeprefix("http://"), threading.local()

    def ask(self, key):
        if not hasattr(self.local, "connection"):
            self.local.connection = http.client.HTTPConnection(self.host, timeout=10)
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        self.local.connection.request("POST", "/v1/decision", json.dumps(question(key)), headers)
        answer = self.local.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise Failure(f"the node answered HTTP {answer.status}: {body[:200]}")
        return json.loads(body)


def asked(ads_url):
    return json.loads(ask(f"{ads_url}/control"))["asked"]["ads"]


def counted(url):
    """What the node itself counts of its cache."""
    text = ask(f"{url}/metrics").decode()
    return {k: int(v) for k, v in re.findall(r'interlude_decisions_total\{cache="(\w+)"\} (\d+)', text)}


def hit_ratio(a, url, ads_url):
    """People ask for a while, at a rate; how many were answered from the cache."""
    clients, zipf, keys = Clients(url), Zipf(a.keys, a.s, a.seed), set()
    before, count, cached = asked(ads_url), 0, 0
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        begin, answers = time.monotonic(), []
        for i in range(a.rate * a.seconds):
            time.sleep(max(0, begin + i / a.rate - time.monotonic()))
            key = zipf.draw()
            keys.add(key)
            answers.append(pool.submit(clients.ask, key))
        took = time.monotonic() - begin
        for f in answers:
            answer = f.result()
            if answer["tier"] != "ads":
                raise Failure(f"an answer without ads: {answer}")
            count += 1
            cached += answer["cached"]
    upstream = asked(ads_url) - before
    # Each key anew whenever its decision is a minute old; and no decision twice.
    most = len(keys) * (1 + int(took // 60))
    print(f"{count} questions of {len(keys)} audiences in {took:.0f} s: {100 * cached / count:.1f} % from the cache")
    print(f"the ad server was asked {upstream} times for {count - cached} misses (at most {most} decisions)")
    print(f"the node counts {counted(url)}")
    return cached / count, upstream <= most


def single_flight(url, ads_url, many=200):
    """Many ask the same at a time while the ad server takes its time."""
    ask(f"{ads_url}/control", {"fault": "slow", "delay": 0.5})
    before = json.loads(ask(f"{ads_url}/control"))["asked"]
    clients = Clients(url)
    with concurrent.futures.ThreadPoolExecutor(many) as pool:
        answers = list(pool.map(lambda _: clients.ask("together"), range(many)))
    after = json.loads(ask(f"{ads_url}/control"))["asked"]
    ask(f"{ads_url}/control", {"fault": "none"})
    upstream = sum(after[k] - before[k] for k in ("ads", "faults", "wrappers"))
    same = all(x["tier"] == "ads" for x in answers)
    print(f"{many} equal questions at a time: the ad server was asked {upstream} times")
    return upstream == 1 and same


def thread_named(pid, name):
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        if (task / "comm").read_text().strip() == name:
            return task
    raise Failure(f"process {pid} has no thread {name}")


def cpu_ns(task):
    return int((task / "schedstat").read_text().split()[0])


def load(url, seconds, script=None):
    command = ["wrk", "-t1", "-c32", f"-d{seconds}s"] + (["-s", str(script)] if script else [])
    out = subprocess.run(command + [url], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in out:
        raise Failure(out)
    return int(re.search(r"(\d+) requests in", out)[1])


def cpu_per_request(a, folder, node, url):
    """Microseconds of the HTTP thread for a cached decision, and for a playlist of the same node."""
    session = json.loads(ask(f"{url}/v1/{ORG}/{CHANNEL}/session", {}))
    master = ask(session["manifestUrl"]).decode()
    playlist = f"{url}/v1/{ORG}/{CHANNEL}/" + next(x for x in master.splitlines() if x and x[0] != "#")
    until("a full window", 90, lambda: ask(playlist).count(b"#EXTINF") >= 30)
    Clients(url).ask(1)
    script = folder / "post.lua"
    script.write_text(WRK.format(body=json.dumps(question(1)), token=TOKEN))
    task, costs = thread_named(node.pid, "http-0"), {"playlist": [], "decision": []}
    for _ in range(a.rounds):
        for what, target, lua in (("playlist", playlist, None), ("decision", f"{url}/v1/decision", script)):
            before = cpu_ns(task)
            requests = load(target, a.load_seconds, lua)
            costs[what].append((cpu_ns(task) - before) / requests / 1000)
    best = {what: min(us) for what, us in costs.items()}
    ratio = best["decision"] / best["playlist"]
    print(f"CPU per request: playlist {best['playlist']:.1f} us, cached decision {best['decision']:.1f} us, {ratio:.2f} x")
    return ratio


def run(a):
    with contextlib.ExitStack() as stack:
        folder = working_folder(stack)
        ads_url = start_ad_server(a, folder, stack)
        origin_url = start_origin(a, folder, stack)
        node, url = start_node(a, folder, origin_url, ads_url, stack)
        ratio, few = hit_ratio(a, url, ads_url)
        once = single_flight(url, ads_url)
        cost = cpu_per_request(a, folder, node, url)
    good = ratio >= a.least_ratio and few and once and cost <= a.most_cost
    print("ok" if good else "FAILED")
    return 0 if good else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", default="build/release/bin", help="folder of the programs")
    parser.add_argument("--keys", type=int, default=5000, help="audiences")
    parser.add_argument("--s", type=float, default=1.0, help="of Zipf's law")
    parser.add_argument("--rate", type=int, default=200, help="questions a second")
    parser.add_argument("--seconds", type=int, default=180)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3, help="of the measurement of CPU")
    parser.add_argument("--load-seconds", type=int, default=5, help="of each of them")
    parser.add_argument("--least-ratio", type=float, default=0.7, help="of cache hits; exit 1 if below")
    parser.add_argument("--most-cost", type=float, default=2.0, help="CPU of a decision by that of a playlist")
    a = parser.parse_args()
    return finish("bench", lambda: run(a))


if __name__ == "__main__":
    sys.exit(main())
