"""How fast tracking requests are made from one core, what a million that wait cost, and what hosts that fail do to others."""

import contextlib
import json
import pathlib
import re
import socket
import statistics
import struct
import subprocess
import threading
import time

from programs import Child, Failure, ask, make_clip, until

CONNECTIONS = 256  # as the node makes by default
BREAKER = 130  # seconds after which a host that was away is asked again, at most


class Sink:
    """An ad server of which only the pixels are used."""

    def __init__(self, a, folder, stack, name, listen="127.0.0.1:0", core=None, pixels=1000):
        clip = make_clip(folder / "ad.mp4", "red", 2)
        pin = [] if core is None else ["taskset", "-c", str(core)]
        command = pin + [f"{a.bin}/interlude-adserver", "--listen", listen, "--pixels", str(pixels), "--ad", f"one={clip}=2"]
        self.child = Child(name, command, folder)
        stack.callback(self.child.stop)
        self.url = self.child.wait_for(r"listening on (http:\S+)", 30)[1]

    def fail(self, share, *kinds):
        ask(f"{self.url}/control", {"pixels": {"failing": share, "kinds": list(kinds)}})

    def delays(self, load, since=0):
        """Seconds from each event of a load, if it happened after `since`, to its arrival."""
        out = []
        for line in ask(f"{self.url}/pixels/lines").decode().splitlines():
            found = re.match(rf"(\d+) \S*&i={load}\.\d+&at=(\d+)", line)
            if found and int(found[2]) >= 1000 * since:
                out.append((int(found[1]) - int(found[2])) / 1000)
        return sorted(out)


class Load:
    """A node that does nothing but make tracking requests, and what it says of them."""

    def __init__(self, a, folder, stack, loads, *options, core=None):
        data = folder / f"load-{time.time():.0f}"
        pin = [] if core is None else ["taskset", "-c", str(core)]
        command = pin + [f"{a.bin}/interlude-beacon-load", "--data", str(data), *options]
        for load in loads:
            command += ["--load", load]
        self.child = Child(data.name, command, folder)
        stack.callback(self.child.stop)

    def reports(self):
        text = self.child.output.read_text().splitlines()
        return [json.loads(line) for line in text if line.startswith("{") and line.endswith("}")]

    def now(self):
        self.child.check()
        return until("the load says something", 30, self.reports)[-1]

    def ends(self, seconds):
        until("everything has arrived", seconds, lambda: self.child.process.poll() is not None)
        return self.reports()

    def memory_mib(self):
        """Of its own: pages of the store's file are the system's to take back."""
        status = pathlib.Path(f"/proc/{self.child.pid}/status").read_text()
        return int(re.search(r"RssAnon:\s+(\d+)", status)[1]) / 1024


def percentile(values, share):
    if not values:
        raise Failure("nothing arrived")
    return values[min(len(values) - 1, int(share * len(values)))]


def requests_of_wrk(url, seconds):
    command = f"taskset -c 0 wrk -t1 -c{CONNECTIONS} -d{seconds}s {url}/pixel?a=1".split()
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in text or "Socket errors" in text:
        raise Failure(text)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])


def run_throughput(a, folder, stack):
    sink = Sink(a, folder, stack, "sink", core=1)
    ratios = []
    for _ in range(a.rounds):
        wrk = requests_of_wrk(sink.url, 2)
        seen = Load(a, folder, stack, [f"{sink.url}/pixel?a=1={a.events}=0"], "--concurrent", str(CONNECTIONS), core=0).ends(300)
        took = (seen[-1]["at"] - seen[0]["at"]) / 1000
        if seen[-1]["delivered"] != a.events:
            raise Failure(f"{seen[-1]}: not all arrived")
        ratios.append(a.events / took / wrk)
        print(f"wrk {wrk:.0f}/s, beacons {a.events / took:.0f}/s: {ratios[-1]:.2f}", flush=True)
    ratio = statistics.median(ratios)
    print(f"throughput: {ratio:.2f} of wrk's from one core, the median (at least 0.40)")
    return ratio >= 0.4


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def run_backlog(a, folder, stack):
    """Nobody is there until a million wait; then new ones come while they are worked off."""
    address = f"127.0.0.1:{free_port()}"
    url = f"http://{address}/pixel?a=1"
    load = Load(a, folder, stack, [f"{url}={a.backlog}=0", f"{url}=1000000=100"], "--stay")
    until("they wait", 600, lambda: load.now()["accepted"][0] >= a.backlog)
    memory, waiting = load.memory_mib(), load.now()["waiting"]
    sink = Sink(a, folder, stack, "late-sink", address, pixels=2_000_000)
    until("the sink is asked again", BREAKER, lambda: load.now()["delivered"] > 1000)
    began, before = time.time(), load.now()
    until("the backlog is worked off", 900, lambda: load.now()["waiting"] < 1000)
    took = time.time() - began
    after = load.now()
    rate = (after["delivered"] - before["delivered"]) / took
    late = percentile(sink.delays(1, since=began), 0.99)
    print(f"{waiting} waited: {memory:.0f} MiB of memory (limit {a.memory}); nothing was given up: {after['dead']}")
    print(f"worked off at {rate:.0f}/s in {took:.0f} s; new ones arrived within {late:.2f} s (p99, limit 1)")
    load.child.stop()
    return memory <= a.memory and late < 1 and after["dead"] == 0 and waiting >= a.backlog


def reset_all(listener):
    """Takes every connection, and resets it."""
    with contextlib.suppress(OSError):
        while True:
            connection, _ = listener.accept()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()


def run_hosts(a, folder, stack):
    """One hangs, one says when to come again, one resets, and one is well."""
    hangs = Sink(a, folder, stack, "hangs", "127.0.0.2:0")
    hangs.fail(1, "hangs")
    busy = Sink(a, folder, stack, "busy", "127.0.0.3:0")
    busy.fail(1, "unavailable")
    listener = stack.enter_context(socket.create_server(("127.0.0.4", 0), backlog=512))
    threading.Thread(target=reset_all, args=(listener,), daemon=True).start()
    well = Sink(a, folder, stack, "well", "127.0.0.1:0", pixels=1_000_000)
    failing = [hangs.url, busy.url, f"http://127.0.0.4:{listener.getsockname()[1]}"]
    each = -(-a.behind // len(failing))
    loads = [f"{url}/pixel?a=1={each}=0" for url in failing] + [f"{well.url}/pixel?a=1=1000000=200"]
    load = Load(a, folder, stack, loads, "--stay")
    until("they wait", 300, lambda: sum(load.now()["accepted"][:-1]) >= each * len(failing))
    began = time.time()
    time.sleep(a.watch)
    seen = load.now()
    delays = well.delays(len(failing), since=began)
    p99 = percentile(delays, 0.99)
    print(f"{seen['waiting']} wait for others; {len(delays)} arrived where all is well, p99 {p99:.3f} s (limit 1)")
    load.child.stop()
    return p99 < 1 and seen["waiting"] >= 0.99 * a.behind and len(delays) >= a.watch * 150
