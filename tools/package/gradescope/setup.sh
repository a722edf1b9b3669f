#!/usr/bin/env bash
# setup.sh - run once as root by Gradescope, when it builds the image of this autograder (Ubuntu 22.04 or later, or Debian).
# Builds Trapeze from the source beside it, with the packages that its own set-up asks for.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export DEBIAN_FRONTEND=noninteractive

command -v make >/dev/null || { apt-get update -qq && apt-get install -y --no-install-recommends make; }
rm -rf "$here/trapeze-source" "$here/trapeze"
mkdir "$here/trapeze-source"
tar -xzf "$here/source.tar.gz" -C "$here/trapeze-source"
make -C "$here/trapeze-source" setup
make -C "$here/trapeze-source" -j"$(nproc)" all
make -C "$here/trapeze-source" install PREFIX="$here/trapeze"
rm -rf "$here/trapeze-source"
# Fails here, and not with the first student, when something is missing.
"$here/trapeze/bin/trapeze" run --depth 1 hello
