"""What docs/operations names: metrics, alerts and their tests. As a program: whether its files agree."""

import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "operations"
RULES = FOLDER / "interlude.rules.yml"
TESTS = ROOT / "tests" / "operations" / "rules.test.yml"

METRIC = re.compile(r"\b(?:interlude|process)_[a-z0-9_]+\b")


def family(metric):
    """That of a histogram's series."""
    return re.sub(r"_(bucket|sum|count)$", "", metric) if re.search(r"_(seconds|messages)_", metric) else metric


def names_in(expression):
    return {family(name) for name in METRIC.findall(expression)}


def alerts():
    """Each alert's text, by name."""
    parts = re.split(r"^ *- alert: ", RULES.read_text(), flags=re.M)[1:]
    return {part.split("\n", 1)[0].strip(): part for part in parts}


def expressions(panel):
    return [target["expr"] for target in panel.get("targets", [])]


def dashboard():
    """Each panel's expressions, by its title."""
    panels = json.loads((FOLDER / "dashboard.json").read_text())["panels"]
    return {panel["title"]: expressions(panel) for panel in panels if panel["type"] != "row"}


def used():
    """Where each metric is used, as "alert InterludeNodeDown"."""
    found = {}
    for name, text in alerts().items():
        for metric in names_in(text):
            found.setdefault(metric, []).append(f"alert {name}")
    for title, all_expressions in dashboard().items():
        for metric in names_in(" ".join(all_expressions)):
            found.setdefault(metric, []).append(f"panel {title}")
    return found


def documented():
    """The metrics in the table of README.md."""
    return set(re.findall(r"^\| `((?:interlude|process)_\w+)`", (FOLDER / "README.md").read_text(), re.M))


def disagreements():
    readme, tests = (FOLDER / "README.md").read_text(), TESTS.read_text()
    for name in alerts():
        if f"\n### {name}\n" not in readme:
            yield f"README.md does not say what to do about {name}"
        asked = re.findall(rf"alertname: {name}\b", tests)
        fires = re.search(rf"alertname: {name}\n[^\n]*\n *exp_alerts:", tests)
        if len(asked) < 2 or not fires:
            yield f"rules.test.yml does not show when {name} fires, and when it does not"
    for name in re.findall(r"^### (Interlude\w+)$", readme, re.M):
        if name not in alerts():
            yield f"README.md tells of {name}, which is no alert"
    for metric, places in used().items():
        if metric not in documented():
            yield f"README.md does not have {metric}, of {places[0]}"


def main():
    wrong = list(disagreements())
    for line in wrong:
        print(f"documents: {line}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
