#!/usr/bin/env bash
# Sets Coppice up: libtorch and compiler, npm packages, native library, TypeScript. Does only what is missing or stale,
# so running it again costs a moment. `npm run demo`, `npm test` and `npm run bench` call it first.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  cat <<'TEXT'
Usage: npm run setup [-- OPTION], or npx coppice setup [OPTION] where npm installed the package
  --plan       say what would be done, and do nothing
  --clean      build everything again (removes what was built first)
  --root DIR   with --plan: describe the system whose files lie under DIR
Settings: COPPICE_LIBTORCH (a folder with include/ and lib/), CXX, CXXFLAGS, CMAKE_BUILD_PARALLEL_LEVEL.
TEXT
}

say() { printf '%-11s %s\n' "$1" "$2"; }
fail() {
  printf '\nSet-up stopped: %s\n' "$1" >&2
  exit 1
}
# The end of the log of a failed step, and what to do.
fail_with_log() {
  printf '\n--- the end of %s ---\n' "$2" >&2
  tail -n 40 "$2" >&2
  fail "$1 The whole log: $2"
}
command -v sha256sum >/dev/null || sha256sum() { shasum -a 256 "$@"; }

plan=0 clean=0 root=""
while (($#)); do
  case $1 in
    --plan) plan=1 ;;
    --clean) clean=1 ;;
    --root) root=${2:?--root needs a folder} && shift ;;
    -h | --help) usage && exit ;;
    *) usage >&2 && fail "unknown option $1" ;;
  esac
  shift
done
[[ -z $root || $plan == 1 ]] || fail "--root only describes another system: it needs --plan"

source scripts/setup/libtorch.sh
source scripts/setup/packages.sh
source scripts/setup/build.sh

# Two set-ups at once would write the same files: the second waits. (macOS has no flock.)
mkdir -p build
if ((!plan)) && command -v flock >/dev/null; then
  exec 9>build/setup.lock
  flock -n 9 || { say waiting "another set-up is running here" && flock 9; }
fi

if ((clean)); then
  say clean "everything is built again"
  if ((!plan)); then
    installed_package || rm -rf dist
    find build -mindepth 1 -maxdepth 1 ! -name setup.lock -exec rm -rf {} +
  fi
fi

if ((plan)); then echo "What set-up would do:"; fi
did=0 # becomes 1 with the first step that has something to do
check_node
find_libtorch
ensure_packages
ensure_node_modules
ensure_native
ensure_typescript

if ((did && plan)); then
  echo "Nothing was changed."
elif ((did)); then
  say ready "set up in $SECONDS s, libtorch $torch_version ($torch_origin)"
else
  say ready "nothing to do, libtorch $torch_version ($torch_origin)"
fi
