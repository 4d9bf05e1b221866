# Finds libtorch: COPPICE_LIBTORCH, then the torch of python3, then the system's. Sets torch_prefix, torch_include,
# torch_lib, torch_version, torch_abi and torch_origin; torch_prefix stays empty when there is none.
# Reads files only: importing torch in Python would take longer than everything else together.

oldest_libtorch=1.13
torch_prefix="" torch_include="" torch_lib="" torch_version="" torch_abi="" torch_origin=""
torch_notes=() # what was looked at and passed over, and why

# 1.13 <= $1 ?
new_enough() { [[ $(printf '%s\n%s\n' "$oldest_libtorch" "$1" | sort -V | head -n 1) == "$oldest_libtorch" ]]; }

# MAJOR.MINOR.PATCH, from the header that has the numbers (it moved in 2.9).
libtorch_version() {
  local headers=()
  for header in "$1"/torch/csrc/api/include/torch/version.h "$1"/torch/headeronly/version.h; do
    [[ -f $header ]] && headers+=("$header")
  done
  awk '$1 == "#define" && $2 ~ /^TORCH_VERSION_(MAJOR|MINOR|PATCH)$/ { v = v dot $3; dot = "." } END { print v }' \
    "${headers[@]}" /dev/null
}

# Takes the libtorch under folder $1, called $2 in messages; false, with a note, if it cannot be used.
take_libtorch() {
  local prefix=$1 origin=$2 lib library="" version config abi
  for lib in "$prefix"/lib "$prefix"/lib64 "$prefix"/lib/*-linux-gnu*; do
    for library in "$lib"/libtorch_cpu.so "$lib"/libtorch_cpu.dylib; do [[ -e $library ]] && break 2; done
  done
  if [[ ! -e $library ]]; then
    torch_notes+=("$origin: no libtorch_cpu under $prefix") && return 1
  elif [[ ! -f $prefix/include/ATen/ATen.h ]]; then
    torch_notes+=("$origin: no headers under $prefix/include") && return 1
  fi
  version=$(libtorch_version "$prefix/include")
  if ! new_enough "${version:-0}"; then
    torch_notes+=("$origin: version ${version:-unknown} under $prefix is older than $oldest_libtorch") && return 1
  fi
  # Wheels before 2.6 use the old C++ ABI, and say so here; our code must follow.
  abi=1
  for config in "$prefix"/share/cmake/Torch/TorchConfig.cmake "$lib"/cmake/Torch/TorchConfig.cmake; do
    if [[ -f $config ]] && grep -q '_GLIBCXX_USE_CXX11_ABI=0' "$config"; then abi=0; fi
  done
  torch_prefix=$prefix torch_include=$prefix/include torch_lib=$lib
  torch_version=$version torch_abi=$abi torch_origin=$origin
}

# The folder of python3's torch, without importing it, and the prefix of that Python (conda keeps libtorch there).
python_folders() {
  (cd / && python3 -c '
import importlib.util, sys
spec = importlib.util.find_spec("torch")
if spec is not None and spec.submodule_search_locations:
    print(*spec.submodule_search_locations, sys.prefix, sep="\n")' 2>/dev/null) || true
}

find_libtorch() {
  local folder
  if [[ -n ${COPPICE_LIBTORCH:-} ]]; then
    folder=${COPPICE_LIBTORCH%/}
    folder=${folder%/Torch} folder=${folder%/share/cmake}
    take_libtorch "$folder" "COPPICE_LIBTORCH" ||
      fail "COPPICE_LIBTORCH: expected a libtorch $oldest_libtorch or later (a folder with include/ and lib/), got $COPPICE_LIBTORCH
  ${torch_notes[0]}"
    return
  fi
  if command -v python3 >/dev/null; then
    while read -r folder; do
      [[ $folder == /usr || $folder == /usr/local ]] && continue # the system's, looked at next
      if take_libtorch "$folder" "the torch of $(command -v python3)"; then return; fi
    done < <(python_folders)
  fi
  for folder in "$root"/usr "$root"/usr/local "$root"/opt/homebrew/opt/pytorch; do
    if [[ -d $folder ]] && take_libtorch "$folder" "the system's"; then return; fi
  done
}
