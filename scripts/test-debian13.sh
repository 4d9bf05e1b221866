#!/usr/bin/env bash
# Runs the README's two commands on a new Debian 13, with its own Node 20 and libtorch 2.6: `npm run test:debian13`.
# Another command can be named: `npm run test:debian13 -- npm run demo`. What is tried is the last commit, in a clone.
# Needs Linux, root, debootstrap (apt-get install debootstrap), the network, and 4 GB below build/debian13, which the next run uses again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
fail() { printf '%s\n' "$1" >&2 && exit 1; }
[[ $(id -u) == 0 ]] || fail "test:debian13 needs root: it makes a system and changes into it"
command -v debootstrap >/dev/null || fail "test:debian13 needs debootstrap: apt-get install debootstrap"

system=$PWD/build/debian13
certificates=/etc/ssl/certs/ca-certificates.crt
path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# Runs a command in the system. What is mounted for it is seen by it alone, and gone with it.
inside() {
  SYSTEM=$system unshare --mount bash -euc '
    mount -t proc proc "$SYSTEM/proc"
    mount --rbind /dev "$SYSTEM/dev"
    exec chroot "$SYSTEM" /usr/bin/env -i "$@"' inside \
    HOME=/root LANG=C.UTF-8 PATH=$path NODE_EXTRA_CA_CERTS=$certificates bash -euc "$1" </dev/null
}

if [[ ! -f $system/complete ]]; then
  echo "making a Debian 13 in build/debian13"
  mkdir -p build && rm -rf "$system"
  debootstrap --variant=minbase --include=ca-certificates,git trixie "$system" http://deb.debian.org/debian >build/debian13.log 2>&1 ||
    fail "debootstrap failed: see build/debian13.log"
  inside "apt-get update && apt-get install -y --no-install-recommends nodejs npm" >>build/debian13.log 2>&1 ||
    fail "installing Node failed: see build/debian13.log"
  touch "$system/complete"
fi
# The network is reached as from here.
cp -L /etc/resolv.conf "$system/etc/resolv.conf"
[[ ! -f $certificates ]] || cp -L "$certificates" "$system$certificates"
rm -rf "$system/srv/coppice"
git clone --quiet --no-hardlinks . "$system/srv/coppice"

commands=("npm run demo" "npm test")
((!$#)) || commands=("$*")
for command in "${commands[@]}"; do
  echo "Debian 13: $command"
  inside "cd /srv/coppice && $command"
done
