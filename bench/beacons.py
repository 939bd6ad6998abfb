#!/usr/bin/env python3
"""Tracking requests: that each arrives, and once; how fast they are made; and that none waits for another's host.

See README.md.
"""

import argparse
import contextlib
import sys

from beacons_kills import run_kills
from beacons_load import run_backlog, run_hosts, run_throughput
from programs import finish, working_folder

PARTS = {"throughput": run_throughput, "hosts": run_hosts, "backlog": run_backlog, "kills": run_kills}


def run(a):
    good = True
    for name in a.part or PARTS:
        print(f"--- {name}", flush=True)
        with contextlib.ExitStack() as stack:
            folder = working_folder(stack, a.folder and f"{a.folder}/{name}")
            good = PARTS[name](a, folder, stack) and good
    print("ok" if good else "FAILED")
    return 0 if good else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", nargs="*", choices=[*PARTS, []], help="all, if none is named")
    parser.add_argument("--bin", default="build/release/bin", help="folder of the programs")
    parser.add_argument("--folder", help="where logs are kept; none: nowhere")
    parser.add_argument("--seed", type=int, default=1, help="of the moments in which the node is killed")
    parser.add_argument("--viewers", type=int, default=2000)
    parser.add_argument("--ramp", type=int, default=20, help="seconds within which they come")
    parser.add_argument("--breaks", type=int, default=4)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--failing", type=float, default=0.2, help="share of the pixels that fail")
    parser.add_argument("--events", type=int, default=200_000, help="of a round of the throughput")
    parser.add_argument("--rounds", type=int, default=8, help="of the throughput; the median counts")
    parser.add_argument("--backlog", type=int, default=1_000_000, help="events that wait")
    parser.add_argument("--memory", type=int, default=128, help="MiB that they may take")
    parser.add_argument("--behind", type=int, default=100_000, help="events that wait for hosts that fail")
    parser.add_argument("--watch", type=int, default=60, help="seconds in which the other host is watched")
    a = parser.parse_args()
    return finish("bench", lambda: run(a))


if __name__ == "__main__":
    sys.exit(main())
