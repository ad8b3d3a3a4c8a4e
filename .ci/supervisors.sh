#!/usr/bin/env bash
# Installs Debian's supervisor and runit, which dev.angee.benchmarks.Processes compares ours with; the tests need neither.
# Starts none of them: not as services of this machine, and without runit-run, which would.
set -euo pipefail
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

missing=()
command -v supervisord >/dev/null || missing+=(supervisor)
command -v runsvdir >/dev/null || missing+=(runit)
[ ${#missing[@]} -gt 0 ] || { echo "supervisors: all there"; exit 0; }
[ "$(id -u)" = 0 ] || { echo "supervisors: run this as root to install: ${missing[*]}" >&2; exit 1; }

apt-get update -q
# RUNLEVEL=1 keeps Debian's maintainer scripts from starting what is installed
DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -q -y --no-install-recommends "${missing[@]}"
