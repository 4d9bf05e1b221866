# npm packages, native libraries and JavaScript, each built only when what it is made from has changed.

digest() { sha256sum | cut -d ' ' -f 1; }
holds() { [[ -f $1 && $(<"$1") == "$2" ]]; } # file $1 holds text $2

# A package that npm has installed: its own packages are installed as well, and its JavaScript is compiled.
installed_package() { [[ ! -f package-lock.json ]]; }
# How set-up is called again, for messages.
setup_command() { if installed_package; then echo "npx coppice setup"; else echo "npm run setup"; fi; }

# The folder of an npm package, which npm may have put beside this one or above it.
package_folder() {
  node -p 'require("node:path").dirname(require.resolve(process.argv[1] + "/package.json"))' "$1" 2>/dev/null || true
}

ensure_node_modules() {
  local want
  if installed_package; then return; fi
  want=$({ cat package-lock.json .npmrc && uname -sm; } | digest)
  holds node_modules/.coppice-setup "$want" && return
  did=1
  say npm "installing the packages of package-lock.json (npm ci)"
  if ((plan)); then return; fi
  npm ci --no-audit --no-fund </dev/null >build/npm.log 2>&1 ||
    fail_with_log "npm ci failed. It needs the npm registry: check the network, then run $(setup_command) again." build/npm.log
  echo "$want" >node_modules/.coppice-setup
}

# Everything that decides how the native build is configured; a change of it means a fresh build folder.
native_configuration() {
  local library
  for library in "$torch_lib"/libtorch_cpu.*; do break; done
  echo "$torch_prefix $torch_version $torch_abi $(stat -Lc '%s %Y' "$library" 2>/dev/null || stat -Lf '%z %m' "$library")"
  echo "$(uname -sm) ${CXX:-c++} ${CXXFLAGS:-}"
  cat "$(package_folder node-addon-api)"/package.json "$(package_folder node-api-headers)"/package.json 2>/dev/null || true
}
native_stamp() {
  { native_configuration && find native -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum; } | digest
}

# What was built before from the same sources for the same libtorch, by this user: the libraries find each other wherever they lie.
native_cache="${COPPICE_CACHE:-${HOME:-/nowhere}/.cache/coppice}/native"
kept_builds=4

take_cached_native() { # stamp
  [[ -f $native_cache/$1/coppice.node ]] || return 1
  mkdir -p build/native && cp "$native_cache/$1"/* build/native/ && node -e 'require("./build/native/coppice.node")' 2>>build/native.log
}
# Keeps a build, and the latest few beside it. Where nothing can be written, nothing is kept.
keep_native() { # stamp
  local folder=$native_cache/.$1.$$ old
  mkdir -p "$folder" 2>/dev/null && cp build/native/*.node build/native/libcoppice_ops.* "$folder"/ 2>/dev/null || return 0
  rm -rf "${native_cache:?}/$1" && mv "$folder" "$native_cache/$1"
  while read -r old; do rm -rf "${native_cache:?}/$old"; done < <(ls -t "$native_cache" | tail -n +$((kept_builds + 1)))
}

native_is_current() {
  [[ -n $torch_prefix && -f build/native/coppice.node ]] && holds build/native/stamp "$(native_stamp)"
}

# As many compilers as there are cores, but each may take 1.5 GB.
parallel_jobs() {
  local cores memory
  cores=$(getconf _NPROCESSORS_ONLN)
  memory=$(awk '/^MemAvailable:/ { print int($2 / 1500000) }' /proc/meminfo 2>/dev/null || true)
  if ((${memory:-$cores} < cores)); then cores=$((memory < 1 ? 1 : memory)); fi
  echo "${CMAKE_BUILD_PARALLEL_LEVEL:-$cores}"
}

ensure_native() {
  local configuration stamp started=$SECONDS
  if native_is_current; then return; fi
  did=1
  if [[ -z $torch_prefix ]]; then
    say native "building the native library" # only in a plan: libtorch is not installed yet
    return
  fi
  stamp=$(native_stamp) # before the build: what is edited meanwhile is built the next time
  if ((!plan && !clean)) && take_cached_native "$stamp"; then
    echo "$stamp" >build/native/stamp
    say native "taken from an earlier build of the same sources for the same libtorch ($native_cache)"
    return
  fi
  say native "building against libtorch $torch_version of $torch_prefix ($torch_origin)"
  if ((plan)); then return; fi
  rm -f build/native/stamp
  configuration="$PWD $(native_configuration)"
  holds build/cmake/configuration "$configuration" || rm -rf build/cmake
  {
    cmake -S native -B build/cmake -G Ninja -DCMAKE_BUILD_TYPE=Release -DCOPPICE_OUTPUT="$PWD/build/native" \
      -DCOPPICE_NODE_ADDON_API="$(package_folder node-addon-api)" -DCOPPICE_NODE_API_HEADERS="$(package_folder node-api-headers)" \
      -DCOPPICE_TORCH_INCLUDE="$torch_include" -DCOPPICE_TORCH_LIB="$torch_lib" -DCOPPICE_TORCH_ABI="$torch_abi" &&
      echo "$configuration" >build/cmake/configuration &&
      cmake --build build/cmake --parallel "$(parallel_jobs)"
  } >build/native.log 2>&1 ||
    fail_with_log "the native build failed. If a compiler was killed, memory ran out: set CMAKE_BUILD_PARALLEL_LEVEL=1." build/native.log
  # Loaded once here, so that a missing library shows up now and not in the middle of a run.
  node -e 'require("./build/native/coppice.node")' >>build/native.log 2>&1 ||
    fail_with_log "the native library was built but cannot be loaded." build/native.log
  echo "$stamp" >build/native/stamp
  keep_native "$stamp"
  say native "built in $((SECONDS - started)) s"
}

ensure_typescript() {
  local want
  if installed_package; then return; fi
  want=$({ cat tsconfig.json package-lock.json && find src -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum; } | digest)
  holds dist/.stamp "$want" && return
  did=1
  say typescript "compiling src/ to dist/ (tsc -b)"
  if ((plan)); then return; fi
  [[ -f dist/.stamp ]] || rm -f build/tsc.tsbuildinfo # dist/ is new or was removed: write all of it
  node_modules/.bin/tsc -b || fail "the TypeScript build failed, see above."
  echo "$want" >dist/.stamp
}
