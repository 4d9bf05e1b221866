# What the distribution must provide: tools to build with, libtorch, a fast BLAS; if possible also data for the demo.
# Installs on Debian and Ubuntu when it may, elsewhere prints the exact command and stops.

oldest_node=20.19

check_node() {
  local version
  command -v node >/dev/null || fail "Node is not installed; Coppice needs Node $oldest_node or later: https://nodejs.org"
  version=$(node -p process.versions.node)
  [[ $(printf '%s\n%s\n' "$oldest_node" "$version" | sort -V | head -n 1) == "$oldest_node" ]] ||
    fail "Coppice needs Node $oldest_node or later, got $version ($(command -v node)): https://nodejs.org"
}

# ID and ID_LIKE of the system, in one line.
system_family() {
  if [[ -f $root/etc/os-release ]]; then
    (ID="" ID_LIKE="" && source "$root/etc/os-release" && echo "$ID $ID_LIKE")
  elif [[ $(uname -s) == Darwin ]]; then
    echo macos
  fi
}
is_debian() { [[ " $(system_family) " =~ \ (debian|ubuntu)\  ]] && command -v apt-get >/dev/null; }

# Debian's libtorch runs on whatever libblas.so.3 is; without an optimised one, matrix products take ten times as long.
has_fast_blas() {
  local blas
  for blas in "$root"/usr/lib/*/libblas.so.3 "$root"/usr/lib/libblas.so.3; do
    [[ $(readlink -f "$blas" 2>/dev/null) =~ (openblas|mkl|blis|atlas|armpl) ]] && return
  done
  return 1
}

# Debian names of what is missing and needed.
missing_packages() {
  if ! native_is_current; then
    command -v cmake >/dev/null || echo cmake
    command -v ninja >/dev/null || echo ninja-build
    command -v "${CXX:-c++}" >/dev/null || echo g++
  fi
  [[ -n $torch_prefix ]] || echo libtorch-dev
  if is_debian && [[ -z $torch_prefix || $torch_origin == "the system's" ]] && ! has_fast_blas; then
    echo libopenblas0-pthread
  fi
}

# Debian names of what is missing and only nice to have: the demo's images, a font for charts as PNG, and a Redis server for tests
# (redis-tools has the program of redis-server, and starts no service).
missing_extras() {
  [[ -d $root/usr/share/datasets/fashion-mnist ]] || echo dataset-fashion-mnist
  [[ -d $root/usr/share/fonts/truetype/dejavu ]] || echo fonts-dejavu-core
  [[ -e $root/usr/bin/redis-server || -e $root/usr/bin/redis-check-rdb ]] || echo redis-tools
}

# Of names, one a line, those that set-up has not tried here yet.
untried() {
  local package tried=""
  [[ -n $root || ! -f build/extras-tried ]] || tried=" $(<build/extras-tried) "
  while read -r package; do [[ " ${tried//$'\n'/ } " == *" $package "* ]] || echo "$package"; done
}

# How to become root without a question: nothing for root itself, sudo where it needs no password; false if neither.
as_root=()
may_install() {
  [[ $(id -u) == 0 ]] && return
  as_root=(sudo -n)
  command -v sudo >/dev/null && sudo -n true 2>/dev/null
}

apt_get() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 "$@" >>build/apt.log 2>&1; }
apt_candidate() { apt-cache policy "$1" 2>/dev/null | awk '$1 == "Candidate:" && $2 != "(none)" { print $2 }'; }
apt_install() { apt_get install -y --no-install-recommends "$@"; }

# Refreshes the package lists, once.
apt_updated=0
apt_update() {
  if ((apt_updated)); then return; fi
  apt_updated=1
  say packages "refreshing the package lists (apt-get update)"
  apt_get update
}

ensure_packages() {
  local needed extras
  needed=$(missing_packages) needed=${needed//$'\n'/ }
  if [[ -n $needed ]]; then
    did=1
    if ! is_debian || ! may_install; then explain_install "$needed"; fi
    say packages "installing $needed (apt-get install --no-install-recommends)"
    ((plan)) || install_needed $needed
  fi
  # Each tried once, so that a machine that cannot have it is not asked every time.
  extras=$(missing_extras | untried) extras=${extras//$'\n'/ }
  if [[ -n $extras ]] && is_debian && may_install; then
    did=1
    say packages "installing, if possible, $extras (images for the demo, a font for charts, a server for tests)"
    ((plan)) || install_extras $extras
  fi
}

install_needed() {
  local package
  for package; do [[ -n $(apt_candidate "$package") ]] || apt_update || break; done
  if [[ " $* " == *" libtorch-dev "* ]] && ! new_enough "$(apt_candidate libtorch-dev)"; then
    explain_install "$*" "this distribution has no libtorch $oldest_libtorch or later"
  fi
  # Stale lists name files that are gone: refresh and try again before giving up.
  apt_install "$@" || { apt_update && apt_install "$@"; } ||
    fail_with_log "installing $* failed. Run it by hand: ${as_root[*]:+sudo }apt-get install --no-install-recommends $*" build/apt.log
  hash -r
  if [[ -z $torch_prefix ]]; then find_libtorch; fi
  [[ -n $torch_prefix ]] || fail "libtorch-dev is installed, but no libtorch was found: ${torch_notes[*]}"
}

install_extras() {
  local package
  for package; do
    [[ -n $(apt_candidate "$package") ]] || apt_update || true
    apt_install "$package" || say packages "$package could not be had; Coppice works without it"
  done
  printf '%s\n' "$@" >>build/extras-tried
}

# Says what to run on this system, and stops.
explain_install() {
  local needed=$1 reason=${2:-} command note python="python3 -m venv ~/torch && . ~/torch/bin/activate && pip install torch"
  case " $(system_family) " in
    *\ debian\ * | *\ ubuntu\ *) command="sudo apt-get install --no-install-recommends $needed" ;;
    *\ fedora\ * | *\ rhel\ *) command="sudo dnf install cmake ninja-build gcc-c++ python3 && $python" ;;
    *\ arch\ *) command="sudo pacman -S --needed cmake ninja gcc python-pytorch" ;;
    *\ suse\ * | *\ opensuse\ *) command="sudo zypper install cmake ninja gcc-c++ python3 && $python" ;;
    *\ alpine\ *) command="use a system with glibc: libtorch is not built for Alpine's musl" ;;
    *\ macos\ *) command="xcode-select --install; brew install cmake ninja pytorch" ;;
    *) command="install CMake, Ninja and a C++20 compiler from your distribution, then: $python" ;;
  esac
  if [[ -n $reason ]]; then
    command="sudo apt-get install --no-install-recommends ${needed//libtorch-dev /} python3-venv && $python"
  elif [[ " $(system_family) " =~ \ (debian|ubuntu)\  ]]; then
    reason="installing needs root, or sudo without a password"
  else
    reason="packages are installed by set-up only on Debian and Ubuntu"
  fi
  printf '\nMissing here: %s\n' "$needed" >&2
  for note in "${torch_notes[@]}"; do printf '  %s\n' "$note" >&2; done
  printf 'Run this, then %s again (%s):\n\n  %s\n\n' "$(setup_command)" "$reason" "$command" >&2
  printf 'A libtorch elsewhere is used when COPPICE_LIBTORCH names its folder.\n' >&2
  exit 1
}
