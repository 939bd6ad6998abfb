#!/usr/bin/env python3
"""CPU per media playlist request: the node during a break, against nginx with the same bytes in a file.

Both serve from one thread on one core, wrk asks from another one, in turns. See README.md.
"""

import argparse
import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import statistics
import subprocess
import sys
import time

from programs import Child, Failure, ask, finish, make_clip, until, working_folder

ORG, CHANNEL = "bench", "ts"
SEGMENTS = 30
CUE_TOKEN = "bench"
AD_SEGMENTS = 4  # in the window before anything is measured
# The ads fill the break to the second: no slate has to be cut to length while we measure.
ADS = {"red": 30, "green": 30, "blue": 30, "yellow": 30}  # seconds of each
SLATE = 10
CONNECTIONS = 32

# What a browser with hls.js sends.
PLAYER_HEADERS = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36",
    "Accept": "*/*",
    "Accept-Encoding": "gzip, deflate, br",
    "Accept-Language": "en-GB,en;q=0.9",
    "Origin": "https://player.example.com",
    "Referer": "https://player.example.com/",
    "Connection": "keep-alive",
}

# Files of some KiB are served with less CPU without sendfile; with it is what Debian configures.
SENDFILE = {"fastest": "off", "stock": "on"}

NGINX = """
{user}
worker_processes 1;
worker_cpu_affinity {mask};
daemon off;
pid nginx.pid;
error_log error.log warn;
events {{
  worker_connections 1024;
}}
http {{
  access_log off;
  types {{ application/vnd.apple.mpegurl m3u8; }}
  sendfile {sendfile};
  tcp_nopush {sendfile};
  keepalive_timeout 60s;
  keepalive_requests 1000000000;
  open_file_cache max=100;
  open_file_cache_valid 1s;
  client_body_temp_path temp;
  proxy_temp_path temp;
  fastcgi_temp_path temp;
  uwsgi_temp_path temp;
  scgi_temp_path temp;
  server {{
    listen 127.0.0.1:{port};
    root files;
  }}
}}
"""


def threads_of(pid):
    return [int(t.name) for t in pathlib.Path(f"/proc/{pid}/task").iterdir()]


def thread_named(pid, name):
    for tid in threads_of(pid):
        if pathlib.Path(f"/proc/{pid}/task/{tid}/comm").read_text().strip() == name:
            return tid
    raise Failure(f"process {pid} has no thread {name}")


def cpu_ns(tid):
    return int(pathlib.Path(f"/proc/{tid}/schedstat").read_text().split()[0])


def start_origin(a, folder, stack):
    channel = f"name={CHANNEL};segment=2;window={SEGMENTS};every=0;cues=none"
    command = [f"{a.bin}/interlude-origin", "--listen", "127.0.0.1:0"]
    command += ["--dir", str(folder / "origin"), "--channel", channel]
    origin = Child("origin", command, folder)
    stack.callback(origin.stop)
    return origin, origin.wait_for(r"listening on (http:\S+)", 60)[1]


def start_node(a, folder, origin_url, stack):
    settings = {
        "threads": 1,
        "channels": [
            {
                "org": ORG,
                "name": CHANNEL,
                "origin": f"{origin_url}/{CHANNEL}/master.m3u8",
                "mode": "ssai",
                "house_ads": [
                    {"name": name, "source": make_clip(folder / f"{name}.mp4", name, seconds)}
                    for name, seconds in ADS.items()
                ],
                "slate": make_clip(folder / "slate.mp4", "gray", SLATE),
                "cue_token": CUE_TOKEN,
            }
        ],
    }
    config = folder / "node.json"
    config.write_text(json.dumps(settings))
    command = [f"{a.bin}/interlude", "--config", str(config)]
    command += ["--data", str(folder / "data"), "--listen", "127.0.0.1:0"]
    node = Child("node", command, folder)
    stack.callback(node.stop)
    return node, node.wait_for(r"listening on (http:\S+)", 30)[1]


def contents(playlist):
    """How many segments a playlist has, and how many of them are ads."""
    uris = [x for x in playlist.decode().splitlines() if x and not x.startswith("#")]
    return len(uris), sum("ad/" in x for x in uris)


def begin_break(node, url):
    """Has the channel in a break that outlasts the bench; returns the URL of a viewer's playlist."""
    channel = f"{url}/v1/{ORG}/{CHANNEL}"
    session = json.loads(ask(f"{channel}/session", {}))
    master = ask(session["manifestUrl"]).decode()
    rendition = next(line for line in master.splitlines() if line and not line.startswith("#"))
    playlist = f"{channel}/{rendition}"
    until("a full window", 30, lambda: contents(ask(playlist))[0] >= SEGMENTS)
    until(
        "the creatives are conditioned",
        60,
        lambda: len(re.findall(" conditioned, ", node.text())) >= len(ADS) + 1,
    )
    cue = {"action": "start", "duration": sum(ADS.values())}
    ask(f"{channel}/cue", cue, {"Authorization": f"Bearer {CUE_TOKEN}"})
    until("the break", 40, lambda: contents(ask(playlist))[1] >= AD_SEGMENTS)
    return playlist


def start_nginx(a, folder, core, stack):
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    prefix = folder / "nginx"
    (prefix / "files").mkdir(parents=True)
    user = "user root;" if os.geteuid() == 0 else ""
    text = NGINX.format(
        user=user, mask=f"{1 << core:b}", port=port, sendfile=SENDFILE[a.nginx]
    )
    (prefix / "nginx.conf").write_text(text)
    command = ["nginx", "-e", "error.log", "-p", f"{prefix}/", "-c", "nginx.conf"]
    master = Child("nginx", command, folder)
    stack.callback(master.stop)
    children = pathlib.Path(f"/proc/{master.pid}/task/{master.pid}/children")

    def worker():
        master.text()
        return [int(pid) for pid in children.read_text().split()]

    return until("nginx serves", 10, worker)[0], f"http://127.0.0.1:{port}", prefix / "files"


def load(url, seconds, core):
    """Runs wrk; returns how many requests were answered."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s"]
    for name, value in PLAYER_HEADERS.items():
        command += ["-H", f"{name}: {value}"]
    done = subprocess.run(
        command + [url],
        check=True,
        capture_output=True,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),
    ).stdout
    if "Socket errors" in done or "Non-2xx" in done:
        raise Failure(f"not every request to {url} was answered:\n{done}")
    return int(re.search(r"(\d+) requests in", done)[1])


class Side:
    """One of the two that are compared: its serving thread and what wrk asks it for."""

    def __init__(self, name, tid, url):
        self.name, self.tid, self.url = name, tid, url
        self.per_second, self.cpu_us = [], []

    def measure(self, seconds, core, keep=True):
        cpu, clock = cpu_ns(self.tid), time.monotonic()
        requests = load(self.url, seconds, core)
        cpu, clock = cpu_ns(self.tid) - cpu, time.monotonic() - clock
        if keep:
            self.per_second.append(requests / clock)
            self.cpu_us.append(cpu / 1000 / requests)


def compare(a, node, nginx, file, load_core):
    def refresh():
        # The very bytes the node answers now; replaced, so that nginx never sees half of them.
        body = ask(node.url, headers=PLAYER_HEADERS)
        part = file.with_suffix(".part")
        part.write_bytes(body)
        part.replace(file)
        return body

    body = refresh()
    segments, ads = contents(body)
    print(f"playlist: {len(body)} bytes, {segments} segments, {ads} of them ads so far")
    for side in (node, nginx):
        side.measure(1, load_core, keep=False)
    print("round   node req/s  us CPU/req   nginx req/s  us CPU/req   ratio")
    for i in range(a.rounds):
        node.measure(a.seconds, load_core)
        refresh()
        nginx.measure(a.seconds, load_core)
        print(line(str(i + 1), *(x[-1] for x in figures(node, nginx))), flush=True)
    segments, ads = contents(refresh())
    print(f"at the end {ads} of {segments} segments are ads")


def figures(node, nginx):
    ratios = [n / x for n, x in zip(node.cpu_us, nginx.cpu_us)]
    return node.per_second, node.cpu_us, nginx.per_second, nginx.cpu_us, ratios


def line(label, node_rps, node_us, nginx_rps, nginx_us, ratio):
    return f"{label:6} {node_rps:11.0f} {node_us:11.2f} {nginx_rps:13.0f} {nginx_us:11.2f} {ratio:7.2f}"


def profile(a, node, core):
    """What the HTTP thread does, for perf report."""
    perf = subprocess.Popen(["perf", "record", "-q", "-g", "-t", str(node.tid), "-o", a.perf])
    load(node.url, a.seconds, core)
    perf.send_signal(signal.SIGINT)
    perf.wait(30)


def run(a):
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise Failure("two cores are needed: one that serves, one that asks")
    serving, asking = cores[:2]
    with contextlib.ExitStack() as stack:
        folder = working_folder(stack)
        origin, origin_url = start_origin(a, folder, stack)
        node, node_url = start_node(a, folder, origin_url, stack)
        playlist = begin_break(node, node_url)
        http_thread = thread_named(node.pid, "http-0")
        for tid in threads_of(node.pid) + threads_of(origin.pid):
            os.sched_setaffinity(tid, {serving if tid == http_thread else asking})
        worker, nginx_url, files = start_nginx(a, folder, serving, stack)
        # The same path too, so that both have the same request to parse.
        path = playlist[len(node_url) :]
        file = files / path[1:]
        file.parent.mkdir(parents=True)
        ours, theirs = Side("node", http_thread, playlist), Side("nginx", worker, nginx_url + path)
        compare(a, ours, theirs, file, asking)
        if a.perf:
            profile(a, ours, asking)
        node.text(), origin.text()
    medians = [statistics.median(x) for x in figures(ours, theirs)]
    print(line("median", *medians))
    print(f"ratio {medians[-1]:.2f} (limit {a.limit:.2f})")
    return 0 if medians[-1] <= a.limit else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", default="build/release/bin", help="folder of the programs")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4, help="of each side in each round")
    parser.add_argument("--limit", type=float, default=0.9, help="exit 1 if the ratio is above")
    parser.add_argument("--perf", metavar="FILE", help="also record a profile of the HTTP thread")
    parser.add_argument("--nginx", choices=SENDFILE, default="fastest", help="see README.md")
    a = parser.parse_args()
    return finish("bench", lambda: run(a))


if __name__ == "__main__":
    sys.exit(main())
