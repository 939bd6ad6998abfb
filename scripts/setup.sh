#!/usr/bin/env bash
# What ./run, ./test and .ci/run share: installs what is missing, says what and why, and does
# nothing when all is there.
# Made for Debian 12, as root or with sudo. To be sourced from the project's root.

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else
    echo "root rights are needed for: $*" >&2
    exit 1
  fi
}

# Once for all that this command installs, also in what it starts.
update_packages() {
  if [ -n "${INTERLUDE_APT_UPDATED:-}" ]; then return 0; fi
  as_root apt-get update -qq
  export INTERLUDE_APT_UPDATED=1
}

# need WHY PACKAGE... installs with apt what is not there.
need() {
  local why=$1 package absent=()
  shift
  local -A installed=()
  while read -r status package; do
    [ "$status" = ii ] && installed[$package]=1
  done < <(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' "$@" 2>/dev/null)
  for package in "$@"; do
    [ -n "${installed[$package]:-}" ] || absent+=("$package")
  done
  [ ${#absent[@]} -gt 0 ] || return 0
  say "$why: installing ${absent[*]}"
  update_packages
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${absent[@]}" >/dev/null
}

need_build() {
  need "compiler and build tools" g++ cmake ninja-build ccache mold pkg-config
  need "libraries" libcaf-dev libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev \
    libboost-test1.81-dev libboost-program-options1.81-dev liblmdb-dev \
    libmaxminddb-dev libpugixml-dev libspdlog-dev libjwt-dev libssl-dev prometheus-cpp-dev \
    zlib1g-dev
  need "makes and conditions media" ffmpeg fonts-dejavu-core
  # Whoever has Node.js from elsewhere keeps it.
  if ! command -v npm >/dev/null; then need "brings the player's hls.js" nodejs npm; fi
}

need_browser() { need "plays the demo in the end-to-end tests" chromium; }

# npm_packages FOLDER: exactly what its lock file says, once.
npm_packages() {
  local stamp=$1/node_modules/.lock-sum sum
  sum=$(sha256sum <"$1/package-lock.json")
  if [ "$(cat "$stamp" 2>/dev/null)" = "$sum" ]; then return 0; fi
  say "installing the npm packages of $1"
  (cd "$1" && npm ci --silent --no-audit --no-fund --ignore-scripts)
  echo "$sum" >"$stamp"
}

# Sets `node` to one that is new enough for playwright-core: the system's, or one of our own.
need_node_20() {
  node=node
  if [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ]; then return 0; fi
  npm_packages tests/e2e/node
  # shellcheck disable=SC2034 # for who sources this
  node=$(echo "$PWD"/tests/e2e/node/node_modules/node-linux-*/bin/node)
}

# Sets `prometheus` to the folder of prometheus and promtool: the system's, or those of Debian's
# package. That is unpacked and not installed, since it would start a service.
need_prometheus() {
  local folder=$PWD/build/prometheus
  if command -v promtool >/dev/null && command -v prometheus >/dev/null; then
    prometheus=$(dirname "$(command -v promtool)")
    return 0
  fi
  # shellcheck disable=SC2034 # for who sources this
  prometheus=$folder/usr/bin
  if [ -x "$folder/usr/bin/promtool" ]; then return 0; fi
  say "watches a node: unpacking prometheus"
  update_packages
  mkdir -p "$folder"
  (cd "$folder" && apt-get download -qq prometheus)
  dpkg-deb -x "$folder"/prometheus_*.deb "$folder"
}

# configure PRESET: once; afterwards ninja does it whenever a CMakeLists.txt changes.
configure() {
  local log=build/configure-$1.log
  if [ -f "build/$1/build.ninja" ]; then return 0; fi
  say "configuring build/$1"
  mkdir -p build
  # A first attempt that failed leaves a cache that would be believed.
  if ! cmake --fresh --preset "$1" >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
  fi
}

# build PRESET [TARGET...]
build() {
  local preset=$1
  shift
  npm_packages apps/player
  configure "$preset"
  ninja -C "build/$preset" "$@"
}
