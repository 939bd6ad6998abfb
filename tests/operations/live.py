#!/usr/bin/env python3
"""A real Prometheus watches a node, with the rules and the metrics of docs/operations, while its pixels fail.

A node with one channel, an origin, and an ad server that is the pixels' host too. In the middle of a break the ad
server dies: the alerts on tracking requests that wait must fire, and when the node dies, that it is down.
"""

import argparse
import contextlib
import json
import pathlib
import re
import subprocess
import sys
import threading
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench"))

from programs import Child, Failure, ask, finish, make_clip, until, working_folder  # noqa: E402

import documents  # noqa: E402

ORG, CHANNEL = "operations", "live"
EVERY, LENGTH = 40, 24  # seconds; a break long enough to die in
ADS = {"one": "red", "two": "green"}
AD_LENGTH = LENGTH // len(ADS)
WAITS, LONG = "interlude_beacon_oldest_due_age_seconds > 300", "interlude_beacon_oldest_due_age_seconds > 5"


def start_ad_server(a, folder, stack):
    command = [f"{a.bin}/interlude-adserver", "--listen", "127.0.0.1:0"]
    for name, colour in ADS.items():
        command += ["--ad", f"{name}={make_clip(folder / f'{name}.mp4', colour, AD_LENGTH)}={AD_LENGTH}"]
    server = Child("adserver", command, folder)
    stack.callback(server.stop)
    return server, server.wait_for(r"listening on (http:\S+)", 30)[1]


def start_origin(a, folder, stack):
    channel = f"name={CHANNEL};segment=2;every={EVERY};length={LENGTH};cues=cue-out"
    command = [f"{a.bin}/interlude-origin", "--listen", "127.0.0.1:0", "--dir", str(folder / "origin")]
    origin = Child("origin", command + ["--channel", channel], folder)
    stack.callback(origin.stop)
    return origin.wait_for(r"listening on (http:\S+)", 300)[1]


def start_node(a, folder, origin_url, ads_url, stack):
    channel = {
        "org": ORG,
        "name": CHANNEL,
        "mode": "ssai",
        "origin": f"{origin_url}/{CHANNEL}/master.m3u8",
        "ad_servers": [{"url": f"{ads_url}/vast?d=[break.duration]"}],
        "warm_up": True,
        "slate": make_clip(folder / "slate.mp4", "gray", 10),
        "breaks": {"default": LENGTH},
    }
    config = folder / "node.json"
    config.write_text(json.dumps({"private_ads": True, "channels": [channel]}))
    command = [f"{a.bin}/interlude", "--config", str(config), "--data", str(folder / "data")]
    node = Child("node", command + ["--listen", "127.0.0.1:0"], folder)
    stack.callback(node.stop)
    return node, node.wait_for(r"listening on (http:\S+)", 60)[1]


class Metrics:
    """What a node says of itself."""

    def __init__(self, url):
        self.url = f"{url}/metrics"

    def text(self):
        return ask(self.url).decode()

    def sum(self, name):
        """Of all its values."""
        return sum(float(v) for v in re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", self.text(), re.M))

    def families(self):
        return set(re.findall(r"^# TYPE (\S+) ", self.text(), re.M))


class Viewer(threading.Thread):
    """Plays: its playlist each second, and each ad segment once."""

    def __init__(self, url):
        super().__init__(daemon=True)
        self.channel, self.seen, self.done = f"{url}/v1/{ORG}/{CHANNEL}", set(), threading.Event()

    def run(self):
        session = None
        while not self.done.wait(1):
            with contextlib.suppress(OSError):
                session = session or self.start_session()
                self.play(session)

    def start_session(self):
        master = ask(f"{self.channel}/master.m3u8").decode()
        return f"{self.channel}/{re.search(r'^s/[^/]+', master, re.M)[0]}"

    def play(self, session):
        for uri in re.findall(r"^ad/\S+", ask(f"{session}/v0.m3u8").decode(), re.M):
            if uri not in self.seen:
                ask(f"{session}/{uri}")
                self.seen.add(uri)

    def stop(self):
        self.done.set()
        self.join(20)


def quick_rules(folder):
    """The same alerts, after a second."""
    text = documents.RULES.read_text()
    if WAITS not in text:
        raise Failure(f"the rules do not have: {WAITS}")
    rules = folder / "quick.rules.yml"
    rules.write_text(re.sub(r"\bfor: \w+", "for: 1s", text).replace(WAITS, LONG))
    return rules


class Prometheus:
    def __init__(self, a, folder, node_url, stack):
        config = folder / "prometheus.json"
        target = node_url.removeprefix("http://")
        job = {"job_name": "interlude", "static_configs": [{"targets": [target]}]}
        times = {"scrape_interval": "1s", "evaluation_interval": "1s"}
        # JSON is YAML.
        rules = [str(quick_rules(folder))]
        config.write_text(json.dumps({"global": times, "rule_files": rules, "scrape_configs": [job]}))
        command = [f"{a.prometheus}/prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder / 'tsdb'}"]
        self.child = Child("prometheus", command + ["--web.listen-address=127.0.0.1:0", "--log.level=info"], folder)
        stack.callback(self.child.stop)
        self.url = self.child.wait_for(r'msg="Listening on" address=(127\S+)', 30)[1]
        until("Prometheus is ready", 30, lambda: self.asked("-/ready"))

    def asked(self, path):
        with contextlib.suppress(OSError):
            return ask(f"http://{self.url}/{path}")

    def firing(self):
        all_alerts = json.loads(ask(f"http://{self.url}/api/v1/alerts"))["data"]["alerts"]
        return {alert["labels"]["alertname"] for alert in all_alerts if alert["state"] == "firing"}

    def query(self, expression):
        found = json.loads(ask(f"http://{self.url}/api/v1/query?query={urllib.parse.quote(expression)}"))
        return [float(sample["value"][1]) for sample in found["data"]["result"]]

    def wait_for(self, alert, seconds):
        until(f"{alert} fires", seconds, lambda: alert in self.firing())
        print(f"{alert} fires", flush=True)


def check_metrics(a, metrics):
    """Names and units as Prometheus wants them; all that is used and documented is there, and nothing else."""
    subprocess.run([f"{a.prometheus}/promtool", "check", "metrics"], input=metrics.text().encode(), check=True)
    there, used = metrics.families(), documents.used()
    wrong = [f"{name}, of {used[name][0]}, is not in /metrics" for name in sorted(used.keys() - there)]
    wrong += [f"{name}, of README.md, is not in /metrics" for name in sorted(documents.documented() - there)]
    wrong += [f"{name} is not in README.md" for name in sorted(there - documents.documented())]
    if wrong:
        raise Failure("\n".join(wrong))
    print(f"{len(there)} metrics", flush=True)


def check_dashboard(prometheus):
    """Prometheus can answer what each panel asks."""
    for title, expressions in documents.dashboard().items():
        for expression in expressions:
            for variable, value in {"instance": ".*", "channel": ".*", "__rate_interval": "10s"}.items():
                expression = expression.replace(f"${variable}", value)
            try:
                prometheus.query(expression)
            except OSError as e:
                raise Failure(f"panel {title}: {expression}: {e}") from e


def is_conditioned(metrics):
    to_do = metrics.sum("interlude_creatives_queued") + metrics.sum("interlude_creatives_under_way")
    return metrics.sum("interlude_creatives_conditioned_total") > len(ADS) and to_do == 0


def run(a):
    with contextlib.ExitStack() as stack:
        folder = working_folder(stack)
        ad_server, ads_url = start_ad_server(a, folder, stack)
        node, url = start_node(a, folder, start_origin(a, folder, stack), ads_url, stack)
        metrics = Metrics(url)
        check_metrics(a, metrics)
        until("the ads are conditioned", 120, lambda: is_conditioned(metrics))
        prometheus = Prometheus(a, folder, url, stack)
        viewer = Viewer(url)
        viewer.start()
        stack.callback(viewer.stop)
        until("Prometheus has read the node", 30, lambda: prometheus.query("interlude_ready") == [1])
        # The first ad of a break plays, and what follows of it has nobody to be told to.
        until("pixels arrive", 2 * EVERY, lambda: metrics.sum("interlude_beacons_delivered_total") > 0)
        early = {name for name in prometheus.firing() if "Beacon" in name or "Outbox" in name}
        if early:
            raise Failure(f"alerts fire while all is well: {early}")
        ad_server.stop()
        prometheus.wait_for("InterludeBeaconHostLeftAlone", 60)
        prometheus.wait_for("InterludeBeaconsWait", 60)
        check_metrics(a, metrics)
        check_dashboard(prometheus)
        node.stop()
        prometheus.wait_for("InterludeNodeDown", 30)
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", default="build/release/bin", help="folder of the programs")
    parser.add_argument("--prometheus", required=True, help="folder of prometheus and promtool")
    a = parser.parse_args()
    return finish("operations", lambda: run(a))


if __name__ == "__main__":
    sys.exit(main())
