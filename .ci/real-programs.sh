#!/usr/bin/env bash
# real-programs.sh: PostgreSQL, Redis and nginx from Debian's packages, for the tests that run them as local services; git and an
# OpenSSH server, for those that work with real repositories; Caddy, PHP, Go and socat, for those that run the bundled
# templates.
#
# Changes to the machine, as root and only when a program is missing: the Debian packages. Nothing of theirs is started,
# and no cluster is made: while they are installed, two files say so, which are gone afterwards.
set -euo pipefail
umask 022

# shellcheck source=docker-engine.sh disable=SC1091
. "$(dirname "${BASH_SOURCE[0]}")/docker-engine.sh"     # its functions: one way to use apt, under one lock
say() { printf 'real-programs: %s\n' "$*"; }

POLICY=/usr/sbin/policy-rc.d
NO_CLUSTER=/etc/postgresql-common/createcluster.d/angee-tests.conf

has_postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }

find_missing_programs() {
  packages=()
  has_postgres || packages+=(postgresql)
  has redis-server || packages+=(redis-server)
  has nginx || packages+=(nginx)
  has git || packages+=(git)
  has sshd || packages+=(openssh-server)
  has caddy || packages+=(caddy)
  has php || packages+=(php-cli)
  has socat || packages+=(socat)
  has go || packages+=(golang-go)
}

nothing_of_theirs() {
  local made=()
  if [ ! -e "$POLICY" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$POLICY"; chmod 755 "$POLICY"
    made+=("$POLICY")
  fi
  mkdir -p "${NO_CLUSTER%/*}"
  echo 'create_main_cluster = false' >"$NO_CLUSTER"
  made+=("$NO_CLUSTER")
  # shellcheck disable=SC2064
  trap "rm -f ${made[*]}" EXIT
}

main() {
  if is_root; then mkdir -p -m 755 /run/sshd; fi                         # gone after a reboot; sshd wants it
  find_missing_programs
  [ ${#packages[@]} -gt 0 ] || return 0
  if [ -z "$(debian_release)" ] || ! has apt-get; then
    die "missing: ${packages[*]}. These are Debian's names, and this is not Debian: install what is the same here"
  fi
  is_root || die "missing: ${packages[*]}. As root: apt-get install --no-install-recommends ${packages[*]}"
  lock
  find_missing_programs                   # another run may have installed them meanwhile
  [ ${#packages[@]} -gt 0 ] || return 0
  export DEBIAN_FRONTEND=noninteractive
  nothing_of_theirs
  apt_update || die "apt-get update failed"
  install_packages "${packages[@]}"
}

main
