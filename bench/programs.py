"""What the benches share: programs that are started and stopped, clips, and asking over HTTP."""

import datetime
import json
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request


class Failure(Exception):
    pass


def finish(name, run):
    """The exit status of a bench: what `run` says, or 2 if something did not work."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(3))  # what was started is stopped then too
    try:
        return run()
    except Failure as e:
        print(f"{name}: {e}", file=sys.stderr)
        return 2


def until(what, seconds, holds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = holds()
        if found:
            return found
        time.sleep(0.1)
    raise Failure(f"{what}: not within {seconds} s")


class Child:
    """A program that is stopped with the bench; its output is kept in a file, after that of an earlier one."""

    def __init__(self, name, command, folder):
        self.name = name
        self.output = folder / f"{name}.log"
        with self.output.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )

    @property
    def pid(self):
        return self.process.pid

    def check(self):
        if self.process.poll() is not None:
            raise Failure(f"{self.name} ended with {self.process.returncode}:\n{self.output.read_text()[-4000:]}")

    def text(self):
        self.check()
        return self.output.read_text()

    def wait_for(self, pattern, seconds):
        return until(f"{self.name} says {pattern}", seconds, lambda: re.search(pattern, self.text()))

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def working_folder(stack, kept=None):
    """One that goes with the bench; or `kept`, which stays."""
    if kept:
        pathlib.Path(kept).mkdir(parents=True, exist_ok=True)
        return pathlib.Path(kept)
    temporary = tempfile.TemporaryDirectory(prefix="interlude-bench-", ignore_cleanup_errors=True)
    return pathlib.Path(stack.enter_context(temporary))


def ask(url, body=None, headers=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers=headers or {})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read()


def seconds_of(date):
    return datetime.datetime.fromisoformat(date.replace("Z", "+00:00")).timestamp()


def is_ready(url):
    try:
        return ask(f"{url}/health/ready")
    except OSError:
        return None


def wait_until_conditioned(node, url):
    """Every ladder has its ads when nothing was conditioned for a while."""
    until("the node is ready", 60, lambda: is_ready(url))
    count, since = 0, time.monotonic()
    while time.monotonic() - since < 20:
        now = node.text().count(" conditioned, ")
        if now != count:
            count, since = now, time.monotonic()
        time.sleep(1)
    print(f"{count} creatives are conditioned", flush=True)


def make_clip(path, colour, seconds):
    command = "ffmpeg -v error -nostdin -y -f lavfi -i".split()
    command += [f"color=c={colour}:size=640x360:rate=25:duration={seconds}", "-f", "lavfi", "-i"]
    command += [f"sine=frequency=440:sample_rate=48000:duration={seconds}"]
    command += "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac -ac 2 -shortest".split()
    subprocess.run(command + [str(path)], check=True, stdin=subprocess.DEVNULL)
    return str(path)
