#!/usr/bin/env bash
# Runs the tests of the sparse kernels with AddressSanitizer and UBSan, in a copy of the sources under build/sanitized: `npm run sanitize`.
# Needs GCC and what `npm run setup` installs; takes some ten minutes. The AVX-512 kernels run, but are not instrumented: their
# instrumented compile takes hours.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bash scripts/setup.sh
fail() { printf '%s\n' "$1" >&2 && exit 1; }
root="" # where libtorch is looked for: this system
source scripts/setup/libtorch.sh
find_libtorch

copy=build/sanitized
mkdir -p "$copy"
git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do [[ -e $file ]] && printf '%s\0' "$file"; done |
  tar --null --files-from=- --create --file=- | tar --extract --file=- --directory="$copy"
ln -sfn "$PWD/node_modules" "$copy/node_modules"
cd "$copy"
# Warnings are the ordinary build's: instrumented code gives false ones.
cmake -S native -B build/cmake -G Ninja -DCOPPICE_SANITIZE=ON -DCMAKE_CXX_FLAGS=-w -DCMAKE_BUILD_TYPE=Release -DCOPPICE_OUTPUT="$PWD/build/native" \
  -DCOPPICE_TORCH_INCLUDE="$torch_include" -DCOPPICE_TORCH_LIB="$torch_lib" -DCOPPICE_TORCH_ABI="$torch_abi"
cmake --build build/cmake
# Leaks are Node's and libtorch's, which keep what they have until the process ends.
LD_PRELOAD=$(${CXX:-c++} -print-file-name=libasan.so):$(${CXX:-c++} -print-file-name=libubsan.so) \
  ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=print_stacktrace=1 \
  node node_modules/vitest/vitest.mjs run test/native/sparse.test.ts test/native/sparse-architectures.test.ts
