#!/usr/bin/env bash
# What docs/operations promises: rules and their tests, and that a real Prometheus sees a node as they
# say. Argument: the folder of the programs, as in build/release/bin. About two minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/setup.sh
. scripts/setup.sh

need "asks the node, and makes clips for it" python3 ffmpeg
need_prometheus
"$prometheus/promtool" check rules docs/operations/interlude.rules.yml
"$prometheus/promtool" check config docs/operations/prometheus.yml
"$prometheus/promtool" test rules tests/operations/rules.test.yml
python3 tests/operations/documents.py
exec python3 tests/operations/live.py --bin "$1" --prometheus "$prometheus"
