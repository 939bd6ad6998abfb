#!/usr/bin/env bash
# What ./run, ./test and .ci/run share: installs what is missing, says what and why, does nothing when all is there.

set -euo pipefail

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else
    echo "root rights are needed for: $*" >&2
    exit 1
  fi
}

# missing PACKAGE... prints those that are not installed.
missing() {
  comm -13 <(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' "$@" 2>/dev/null | awk '$1 == "ii" {print $2}' | sort -u) \
    <(printf '%s\n' "$@" | sort -u)
}

# need WHY PACKAGE... installs with apt what is not there.
need() {
  local why=$1 absent
  shift
  absent=$(missing "$@")
  [ -n "$absent" ] || return 0
  say "installing $(echo $absent): $why"
  if [ -z "${INTERLUDE_APT_UPDATED:-}" ]; then
    as_root apt-get update -qq
    export INTERLUDE_APT_UPDATED=1
  fi
  # shellcheck disable=SC2086
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $absent >/dev/null
}

need_build() {
  need "compiler and build tools" g++ cmake ninja-build ccache mold pkg-config
  need "libraries" libcaf-dev libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev libboost-test1.81-dev \
    libboost-program-options1.81-dev liblmdb-dev libspdlog-dev libjwt-dev libssl-dev zlib1g-dev
  need "makes and conditions media" ffmpeg fonts-dejavu-core
  command -v node >/dev/null && command -v npm >/dev/null || need "brings the player and the browser tests" nodejs npm
}

need_browser() { need "plays the demo in the end-to-end tests" chromium; }

# npm_packages FOLDER: exactly what its lock file says, once.
npm_packages() {
  local stamp=$1/node_modules/.lock-sum sum
  sum=$(sha256sum "$1/package-lock.json" | cut -d' ' -f1)
  [ "$(cat "$stamp" 2>/dev/null)" = "$sum" ] && return 0
  say "installing the npm packages of $1"
  (cd "$1" && npm ci --silent --no-audit --no-fund --ignore-scripts)
  echo "$sum" >"$stamp"
}

# build PRESET [TARGET...]
build() {
  local preset=$1
  shift
  if [ ! -f "build/$preset/build.ninja" ]; then
    say "configuring build/$preset"
    cmake --preset "$preset" >"/tmp/interlude-cmake-$preset.log" 2>&1 || { cat "/tmp/interlude-cmake-$preset.log"; exit 1; }
  fi
  ninja -C "build/$preset" "$@"
}
