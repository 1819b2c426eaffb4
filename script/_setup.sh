# Sourced by server, test and bench: the virtual environment with the pinned packages, made when it is missing.
# Give the names of the requirement files.

find_python() {
  for name in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11 python; do
    if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 &&
      "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
      command -v "$name"
      return
    fi
  done
  echo "Samleng needs Python 3.11 or newer with venv (Debian: apt-get install python3-venv)." >&2
  return 1
}

prepare() {
  local python stamp wanted arguments=() file
  for file in "$@"; do arguments+=(-r "$file"); done
  stamp=".venv/installed-$1"
  if [ ! -x .venv/bin/python ]; then
    python="$(find_python)" || exit 1
    echo "Making the virtual environment .venv ..."
    "$python" -m venv .venv || exit 1
  fi
  wanted="$(.venv/bin/python -c 'import hashlib, sys
print(hashlib.sha256(b"".join(open(name, "rb").read() for name in sys.argv[1:])).hexdigest())' "$@")" || exit 1
  if [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$wanted" ]; then
    echo "Installing the packages of $* ..."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input "${arguments[@]}" || {
      echo "The packages could not be installed. Check the network and run this again." >&2
      exit 1
    }
    echo "$wanted" >"$stamp"
  fi
}
