"""Every pixel that is due arrives, and once: viewers, a sink that fails, and a node that is killed again and again."""

import collections
import contextlib
import json
import random
import re
import time
import urllib.parse
import urllib.request

from programs import Child, Failure, ask, is_ready, make_clip, until, wait_until_conditioned

ORG, CHANNEL = "bench", "kills"
SEGMENT, EVERY, AD_LENGTH, ADS = 2, 45, 8, {"one": "red", "two": "green"}  # seconds
LENGTH = AD_LENGTH * len(ADS)
# With the first segment, and with the one that covers each quarter.
EVENTS = {"impression": 0, "start": 0, "firstQuartile": 1, "midpoint": 2, "thirdQuartile": 3, "complete": 3}
AROUND_A_KILL = 2  # seconds: a pixel that arrived so shortly before one may not have been noted down
PATIENCE = 180  # seconds for what failed to be tried again
TOKEN = "operator"


def start_ad_server(a, folder, stack):
    command = [f"{a.bin}/interlude-adserver", "--listen", "127.0.0.1:0", "--pixels", "2000000"]
    for name, colour in ADS.items():
        command += ["--ad", f"{name}={make_clip(folder / f'{name}.mp4', colour, AD_LENGTH)}={AD_LENGTH}"]
    server = Child("adserver", command, folder)
    stack.callback(server.stop)
    return server.wait_for(r"listening on (http:\S+)", 30)[1]


def start_origin(a, folder, stack):
    command = [f"{a.bin}/interlude-origin", "--listen", "127.0.0.1:0", "--dir", str(folder / "origin")]
    channel = f"name={CHANNEL};segment={SEGMENT};every={EVERY};length={LENGTH};cues=daterange;announce=10"
    origin = Child("origin", command + ["--channel", channel], folder)
    stack.callback(origin.stop)
    return origin.wait_for(r"listening on (http:\S+)", 600)[1]


class Node:
    """It is killed, and another takes its place."""

    def __init__(self, a, folder, origin_url, ads_url, stack):
        settings = {
            "private_ads": True,
            "operator_token": TOKEN,
            "http": {"max_connections": 4 * a.viewers},
            "channels": [
                {
                    "org": ORG,
                    "name": CHANNEL,
                    "origin": f"{origin_url}/{CHANNEL}/master.m3u8",
                    "ad_servers": [{"url": f"{ads_url}/vast?d=[break.duration]&id=[break.id]"}],
                    "warm_up": True,
                    "decisions": {"fresh": 5, "stale": 0},
                    "breaks": {"default": LENGTH},
                    "slate": make_clip(folder / "slate.mp4", "gray", 10),
                    # Nothing may be given up: a fifth of all fails, whatever it is.
                    "beacons": {"attempts": 30, "cap": 10},
                }
            ],
        }
        config = folder / "node.json"
        config.write_text(json.dumps(settings))
        self.folder, self.listen, self.kills = folder, "127.0.0.1:0", []
        self.command = [f"{a.bin}/interlude", "--config", str(config), "--data", str(folder / "data")]
        self.start()
        self.url = self.child.wait_for(r"listening on (http:\S+)", 60)[1]
        self.listen = self.url.removeprefix("http://")
        stack.callback(lambda: self.child.stop())
        wait_until_conditioned(self.child, self.url)

    def start(self):
        self.child = Child("node", self.command + ["--listen", self.listen], self.folder)

    def kill(self):
        self.child.process.kill()
        self.child.process.wait()
        self.kills.append(time.time())
        self.start()


def watch(a, node, swarm):
    """Kills it at random moments of the time in which breaks are on."""
    rest = random.Random(a.seed)
    first, last = time.time() + a.ramp, time.time() + a.ramp + a.breaks * EVERY
    times = sorted(rest.uniform(first, last) for _ in range(a.kills))
    while swarm.process.poll() is None:
        node.child.check()
        if times and time.time() >= times[0]:
            times.pop(0)
            node.kill()
        time.sleep(0.05)
    print(f"killed {len(node.kills)} times")


def session_of(url):
    """The name under which pixels are told of the session that is in a segment's URL."""
    folder = re.match(r".*?/s/[^/]+/", url)[0]
    for name in ("v0", "v1", "v2"):
        with contextlib.suppress(OSError):
            with urllib.request.urlopen(f"{folder}{name}.m3u8", timeout=20) as answer:
                return answer.headers["X-Session-Id"]
    raise Failure(f"{folder}: no playlist")


def watched_segments(ad_log):
    """By session URL, break and place in it: the segments that a viewer got, in order."""
    out = collections.defaultdict(list)
    for line in ad_log.read_text().splitlines():
        url = line.split(" ", 1)[1]
        found = re.search(r"/s/([^/]+)/.*?/(b\d+)/(\d+)/c/[^/]+/t\d+/(\d+)\.", url)
        if not found:
            raise Failure(f"{url}: is no ad segment")
        token, break_id, place, segment = found.groups()
        out[token, break_id, int(place)].append((int(segment), url))
    return out


def ads_by_creative(node):
    """By the key that stands in segments' URLs: the name of the ad; slate has none."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    listed = json.loads(ask(f"{node.url}/v1/creatives", headers=headers))["creatives"]
    sources = {c["key"]: c["source"] for c in listed}
    return {key: name for key, source in sources.items() for name in ADS if f"/{name}.mp4" in source}


def due_pixels(ad_log, ads):
    """What the viewers' segments make due: each event of an ad once, from its beginning on."""
    sessions, due = {}, set()
    for (token, break_id, place), got in watched_segments(ad_log).items():
        if token not in sessions:
            sessions[token] = session_of(got[0][1])
        name = ads.get(re.search(r"/c/([^/]+)/", got[0][1])[1])
        if name is None:
            continue  # slate
        if got[0][0] != 0:
            continue  # who comes in the middle is not counted
        had = {segment for segment, _ in got}
        for event, segment in EVENTS.items():
            if not had >= set(range(segment + 1)):
                break
            due.add((sessions[token], break_id, name, event))
    return due


def arrived_pixels(ads_url):
    """When each arrived, in seconds."""
    out = collections.defaultdict(list)
    for line in ask(f"{ads_url}/pixels/lines").decode().splitlines():
        at, target = line.split(" ", 1)
        query = dict(urllib.parse.parse_qsl(target.partition("?")[2]))
        if query.get("session"):
            out[query["session"], query["break"], query["ad"], query["event"]].append(int(at) / 1000)
    return out


def counted_events(node):
    """By ad and event: what the node would bill."""
    question = f"{node.url}/v1/{ORG}/analytics?by=ad,event"
    rows = json.loads(ask(question, headers={"Authorization": f"Bearer {TOKEN}"}))["rows"]
    return collections.Counter({(row["ad"], row["event"]): row["count"] for row in rows})


def judge_counts(node, arrived):
    """The same as what the sink has got, each pixel once."""
    told = collections.Counter((ad, event) for _, _, ad, event in arrived)
    counted = counted_events(node)
    differ = {key: (counted[key], told[key]) for key in counted | told if counted[key] != told[key]}
    print(f"the node counted {sum(counted.values())} events; of {len(differ)} kinds the sink has another count")
    for key, (ours, theirs) in list(differ.items())[:5]:
        print("  differs:", *key, f"{ours} counted, {theirs} arrived")
    return not differ


def judge(node, due, arrived):
    twice = {key: times for key, times in arrived.items() if len(times) > 1}
    extra = sum(len(times) - 1 for times in twice.values())
    unexplained = [
        (key, times)
        for key, times in twice.items()
        if not all(any(abs(t - k) < AROUND_A_KILL for k in node.kills) for t in times[:-1])
    ]
    missing = [key for key in due if key not in arrived]
    total = sum(len(times) for times in arrived.values())
    print(f"{len(due)} pixels were due, {len(missing)} have not arrived; {len(arrived)} different ones arrived")
    print(f"{extra} arrived again ({100 * extra / max(total, 1):.3f} %, limit 0.1), {len(unexplained)} unexplained")
    for key in missing[:5]:
        print("  missing:", *key)
    for key, times in unexplained[:5]:
        print("  again:", *key, *(f"{t:.3f}" for t in times))
    return not missing and not unexplained and extra <= total / 1000 and len(due) > 0


def run_kills(a, folder, stack):
    ads_url = start_ad_server(a, folder, stack)
    origin_url = start_origin(a, folder, stack)
    node = Node(a, folder, origin_url, ads_url, stack)
    ask(f"{ads_url}/pixels/clear", {})
    ask(f"{ads_url}/control", {"pixels": {"failing": a.failing}})
    log = folder / "ads.log"
    command = [f"{a.bin}/interlude-swarm", "--target", f"{node.url}/v1/{ORG}/{CHANNEL}", "--all-renditions", "0"]
    command += ["--players", str(a.viewers), "--ramp", str(a.ramp), "--ad-log", str(log)]
    command += ["--duration", str(a.ramp + a.breaks * EVERY + LENGTH), "--report", str(folder / "swarm.json")]
    swarm = Child("swarm", command, folder)
    stack.callback(swarm.stop)
    watch(a, node, swarm)
    until("the node answers", 30, lambda: is_ready(node.url))
    due = due_pixels(log, ads_by_creative(node))
    with contextlib.suppress(Failure):
        until("all has arrived", PATIENCE, lambda: due <= arrived_pixels(ads_url).keys())
    time.sleep(AROUND_A_KILL + 10)  # what comes again comes now
    failed = json.loads(ask(f"{ads_url}/control"))["pixels"]
    print(f"{a.viewers} viewers, {a.breaks} breaks; the sink let {100 * failed['failing']:.0f} % fail")
    report = json.loads((folder / "swarm.json").read_text())
    print(f"{report['violation_count']} violations of playlists")
    arrived = arrived_pixels(ads_url)
    good = judge(node, due, arrived)
    return judge_counts(node, arrived) and good and report["violation_count"] == 0
