#!/usr/bin/env bash
# docker-engine.sh [up|down|status]: the Docker engine, Compose v2 and the small image that the tests need.
#
#   up      use the engine that answers; otherwise install what is missing from Debian's packages and start dockerd.
#   down    remove what carries the test label; stop dockerd if, and only if, this script started it.
#   status  say what is there; exit 0 only if the tests could run.
#
# Changes to the machine, all of them by `up`, as root and only when something is missing: Debian packages; for
# Compose on Debian 12 an apt source for trixie with a low-priority pin; cgroup mounts; one directory in /run.
set -euo pipefail
umask 022
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin      # dockerd and iptables live there, and a plain user's PATH lacks it

STATE=/run/angee-docker                         # gone after a reboot, as is the engine it speaks of
SOCKET=/var/run/docker.sock
DOCKER_PID=/var/run/docker.pid                  # the pid files dockerd keeps: its own, and its containerd's
CONTAINERD_PID=/var/run/docker/containerd/containerd.pid
LABEL=dev.angee.test=1
IMAGE=angee-busybox:local
IMAGE_LABEL=dev.angee.test.image                # not $LABEL: containers inherit the labels of their image
IMAGE_RECIPE=1                                  # its value; raise it when the image changes, and `up` makes it anew
START_DEADLINE=60                               # seconds
STOP_DEADLINE=60

say() { printf 'docker-engine: %s\n' "$*"; }
die() { say "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }
is_root() { [ "$(id -u)" = 0 ]; }

# ---- what is there ---------------------------------------------------------------------------------------------------

answers() {
  if has docker; then
    timeout 10 docker version --format '{{.Server.Version}}' >/dev/null 2>&1
  else
    [ -S "$SOCKET" ] && curl -fsS -m 10 --unix-socket "$SOCKET" http://docker/_ping >/dev/null 2>&1
  fi
}

engine_version() { docker version --format '{{.Server.Version}}'; }
compose_version() { docker compose version --short 2>/dev/null | sed 's/^v//'; }

# The plugin, at 2 or above. The old docker-compose program (v1) does not answer to `docker compose`.
has_compose() { [[ $(compose_version) =~ ^([2-9]|[1-9][0-9])\. ]]; }

has_image() {
  [ "$(docker image inspect -f "{{index .Config.Labels \"$IMAGE_LABEL\"}}" "$IMAGE" 2>/dev/null)" = "$IMAGE_RECIPE" ]
}

# A dynamic busybox is no use: the image holds no libc.
has_static_busybox() { has busybox && ! ldd "$(command -v busybox)" 2>/dev/null | grep -q '=>'; }

# is_alive NAME PID. A pid file outlives its process: the number may be free, taken by another program, or a zombie that
# nobody has reaped.
is_alive() {
  [ -n "$2" ] && [ "$(cat "/proc/$2/comm" 2>/dev/null)" = "$1" ] && ! grep -qs '^State:[[:space:]]*Z' "/proc/$2/status"
}

pid_in() { [ ! -f "$1" ] || cat "$1"; }
started_here() { is_alive dockerd "$(pid_in "$STATE/dockerd.pid")"; }

debian_release() {   # "12 bookworm"; nothing on another system
  [ -f /etc/os-release ] || return 0
  # shellcheck disable=SC1091
  (. /etc/os-release; [ "${ID:-}" != debian ] || echo "${VERSION_ID:-99} ${VERSION_CODENAME:-}")
}

# Fills `packages` with the Debian packages that are missing, Compose apart: it needs its own way.
find_missing() {
  packages=()
  if ! answers; then
    has dockerd || packages+=(docker.io)
    has iptables || packages+=(iptables)
  fi
  if ! has docker; then
    local version; version=$(debian_release)
    # the client became a package of its own with Debian 13
    if [ "${version%%[ .]*}" = 12 ]; then [[ " ${packages[*]} " = *' docker.io '* ]] || packages+=(docker.io)
    else packages+=(docker-cli); fi
  fi
  has_image || has_static_busybox || packages+=(busybox-static)
}

# ---- Debian's packages -----------------------------------------------------------------------------------------------

# Where this machine gets Debian from, in apt's own words: "FILE URI SUITE". apt has parsed either form of its sources,
# and the archive's Origin tells it from other vendors' archives that name their suites alike.
debian_archive() {
  local version; version=$(debian_release)
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(SOURCESENTRY) $(REPO_URI) $(RELEASE)' 'Created-By: Packages' 'Origin: Debian' \
    'Label: Debian' "Codename: ${version#* }" 'Component: main' | sed -n '1s/:[0-9]* / /p'
}

# trixie_source FILE URI SUITE: the entry of FILE for that archive, all its options kept, turned into one for trixie.
trixie_source() {
  if [[ $1 = *.sources ]]; then
    awk -v uri="${2%/}" -v suite="$3" '
      function among(word, words,   list, n, i) {
        n = split(words, list); for (i = 1; i <= n; i++) { sub("/$", "", list[i]); if (list[i] == word) return 1 }
        return 0
      }
      function finish() {
        if (among("deb", value["types"]) && among(uri, value["uris"]) && among(suite, value["suites"]) &&
            among("main", value["components"]) && value["enabled"] !~ /^ *(no|false|off|0|without|disable)$/) {
          printf "Types: deb\nSuites: trixie\nComponents: main\n%s", kept; done = 1; exit
        }
        split("", value); kept = ""
      }
      /^#/ { next }
      /^[ \t]*$/ { finish(); next }
      /^[^ \t]/ { field = tolower(substr($0, 1, index($0, ":") - 1)); rest = substr($0, index($0, ":") + 1) }
      /^[ \t]/ { rest = $0 }
      { value[field] = value[field] " " rest; if (field !~ /^(types|suites|components)$/) kept = kept $0 "\n" }
      END { if (!done) { finish(); exit !done } }' "$1"
  else
    local line word='([^[:space:]]+)[[:space:]]+' entry
    entry="^[[:space:]]*deb[[:space:]]+(\\[[^]]*\\][[:space:]]+)?$word$word(.*)\$"
    while IFS= read -r line || [ -n "$line" ]; do
      line=${line%%#*}
      if [[ $line =~ $entry ]] && [ "${BASH_REMATCH[2]%/}" = "${2%/}" ] && [ "${BASH_REMATCH[3]}" = "$3" ] &&
         [[ " ${BASH_REMATCH[4]//[[:space:]]/ } " = *' main '* ]]; then
        printf 'deb %s%s trixie main\n' "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
        return 0
      fi
    done <"$1"
    return 1
  fi
}

# 100: below everything that is not asked for by version, so nothing else comes from there by itself.
trixie_pin() { printf 'Package: *\nPin: release o=Debian,n=trixie\nPin-Priority: 100\n'; }

compose_candidate() { apt-cache madison docker-compose | awk '!v && $3 ~ /^2\./ { v = $3 } END { print v }'; }

# Quiet unless it fails. Descriptor 9 is the lock: nothing that a package starts may keep it.
quiet_apt() {
  apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@" >"$STATE/apt.log" 2>&1 </dev/null 9>&- && return 0
  tail -n 20 "$STATE/apt.log" >&2
  return 1
}

apt_update() {   # once more when another apt holds the lists: for those apt itself does not wait
  quiet_apt update && return 0
  sleep 10; quiet_apt update
}

# No init script may start the engine behind our back: without systemd it would mount every cgroup controller there is.
keep_services_down() {
  local policy=/usr/sbin/policy-rc.d
  [ ! -d /run/systemd/system ] && [ ! -e "$policy" ] || return 0
  # shellcheck disable=SC2064
  trap "rm -f $policy" EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"; chmod 755 "$policy"
}

install_packages() {
  say "installing from Debian: $*"
  quiet_apt install --no-install-recommends "$@" || die "could not install: $*"
}

install_compose() {
  local version file uri suite source pin=/etc/apt/preferences.d/angee-trixie
  version=$(compose_candidate)
  if [ -z "$version" ]; then        # Debian 12's own docker-compose is v1; v2 is one suite further in the same archive
    read -r file uri suite < <(debian_archive) || die "apt knows no Debian archive with the component main"
    source=/etc/apt/sources.list.d/angee-trixie.${file##*.}
    trixie_pin >"$pin"              # before the source: trixie is never there without its pin
    trixie_source "$file" "$uri" "$suite" >"$source" || { rm -f "$source" "$pin"; die "no entry for $uri in $file"; }
    say "adding the suite trixie of $uri, pinned at 100 ($source)"
    apt_update || { rm -f "$source" "$pin"; die "apt could not read the suite trixie of $uri"; }
    version=$(compose_candidate)
    [ -n "$version" ] || die "the suite trixie of $uri has no docker-compose 2.x"
  fi
  install_packages "docker-compose=$version"
  has_compose || die "docker-compose $version is installed, and still \`docker compose version\` does not say v2"
}

all_missing() { printf '%s' "${packages[*]}${1:+${packages:+, }docker-compose 2.x}"; }

# For somebody who is not root: what to install, and the commands for it.
explain_missing() {
  local compose=$1 version file='' uri='' suite=''
  say "missing: $(all_missing "$compose"); to install that takes root. Either as root:"
  echo "    .ci/docker-engine.sh up"
  say "or by hand, as root:"
  echo "    apt-get update"
  [ ${#packages[@]} = 0 ] || echo "    apt-get install --no-install-recommends ${packages[*]}"
  [ -n "$compose" ] || return 0
  version=$(compose_candidate)
  if [ -z "$version" ]; then
    say "and since Debian 12's own docker-compose is v1, 2.x from the suite trixie of the same archive:"
    echo "    cat >/etc/apt/preferences.d/angee-trixie <<'END'"; trixie_pin; echo "END"
    read -r file uri suite < <(debian_archive) || true
    if [ -n "$file" ]; then
      echo "    cat >/etc/apt/sources.list.d/angee-trixie.${file##*.} <<'END'"
      trixie_source "$file" "$uri" "$suite" || true
      echo "END"
    else
      echo "    (and in /etc/apt/sources.list.d/ your entry for bookworm main once more, with trixie for bookworm)"
    fi
    echo "    apt-get update"
  fi
  echo "    apt-get install --no-install-recommends docker-compose=${version:-'2.*'}"
}

install_missing() {
  local compose=''
  find_missing
  has_compose || compose=yes
  [ ${#packages[@]} -gt 0 ] || [ -n "$compose" ] || return 0
  if [ -z "$(debian_release)" ] || ! has apt-get; then
    die "missing: $(all_missing "$compose"). These are Debian's names, and this is not Debian: install" \
      "what is the same here (engine, iptables, static busybox, a \`docker compose\` of v2), then try again"
  fi
  is_root || { explain_missing "$compose" >&2; exit 1; }
  export DEBIAN_FRONTEND=noninteractive
  keep_services_down
  apt_update || die "apt-get update failed"
  [ ${#packages[@]} = 0 ] || install_packages "${packages[@]}"
  has_compose || install_compose
}

# ---- the engine ------------------------------------------------------------------------------------------------------

# A machine with cgroup 2 has what it needs, and so has one where the controllers are mounted already. Only these
# eight: a new hierarchy is new for the whole machine, and with net_cls, perf_event and the like mounted here an engine
# that runs next door answers zero for every statistic of its new containers.
mount_cgroups() {
  [ ! -f /sys/fs/cgroup/cgroup.controllers ] || return 0
  mountpoint -q /sys/fs/cgroup || mount -t tmpfs -o mode=755 cgroup /sys/fs/cgroup
  local c together
  for c in memory cpu cpuacct cpuset pids devices freezer blkio; do
    awk -v c=$c '$1 == c && $4 == 1 { on = 1 } END { exit !on }' /proc/cgroups || continue
    awk -v c=$c '/ - cgroup / && index("," $NF ",", "," c ",") { on = 1 } END { exit on }' /proc/self/mountinfo ||
      continue                      # mounted already
    # controllers that share a hierarchy elsewhere ("cpu,cpuacct") can only be mounted together
    together=$(awk -F: -v c=$c 'index("," $2 ",", "," c ",") { print $2 }' /proc/self/cgroup)
    mkdir -p /sys/fs/cgroup/$c
    mount -t cgroup -o "${together:-$c}" cgroup /sys/fs/cgroup/$c || rmdir /sys/fs/cgroup/$c
  done
}

# launch PATH: dockerd in the background, with nothing of the caller's: a CI run that waits for the end of its pipe, or
# whoever waits for our lock, would wait for the engine's end. Not its directory nor its TMPDIR either.
launch() {
  # a stale file whose number is in use makes dockerd refuse to start, or wait in vain for a dead containerd
  is_alive dockerd "$(pid_in "$DOCKER_PID")" || rm -f "$DOCKER_PID"
  is_alive containerd "$(pid_in "$CONTAINERD_PID")" || rm -f "$CONTAINERD_PID"
  (
    for fd in /proc/self/fd/*; do
      fd=${fd##*/}
      [ "$fd" -le 2 ] || eval "exec $fd>&-"
    done
    cd /
    echo "$BASHPID" >"$STATE/dockerd.pid"
    # small networks from a range of our own: Docker's default pools are used up by some thirty projects
    exec env -u TMPDIR PATH="$1" setsid dockerd -H "unix://$SOCKET" --log-level warn \
      --default-address-pool base=10.213.0.0/16,size=26
  ) >"$STATE/dockerd.log" 2>&1 </dev/null &
}

# wait_for PID: until the engine answers, its process ends or the time is up.
wait_for() {
  local deadline=$((SECONDS + START_DEADLINE))
  while ! answers; do
    kill -0 "$1" 2>/dev/null && [ $SECONDS -lt $deadline ] || return 1
    sleep 0.1
  done
}

start_engine() {
  local pid path=$PATH
  mount_cgroups
  pid=$(pid_in "$DOCKER_PID")
  if is_alive dockerd "$pid"; then        # somebody else's, perhaps on its way up
    wait_for "$pid" || die "a dockerd runs (pid $pid) and does not answer at $SOCKET"
    return
  fi
  launch "$path"; pid=$!
  if ! wait_for "$pid" && ! kill -0 "$pid" 2>/dev/null && has iptables-legacy &&
     grep -qiE 'initialize nft|iptables.*(not supported|table does not exist)' "$STATE/dockerd.log"; then
    say "this kernel has no nft: trying once more with iptables-legacy"
    mkdir -p "$STATE/legacy"        # for dockerd alone; the machine's own choice of iptables stays as it is
    ln -sf "$(command -v iptables-legacy)" "$STATE/legacy/iptables"
    ln -sf "$(command -v ip6tables-legacy)" "$STATE/legacy/ip6tables"
    launch "$STATE/legacy:$path"; pid=$!
    wait_for "$pid" || true
  fi
  answers && return 0
  if kill "$pid" 2>/dev/null; then say "dockerd did not answer within $START_DEADLINE seconds; the end of its log:" >&2
  else say "dockerd ended at once; the end of its log:" >&2; fi
  rm -f "$STATE/dockerd.pid"
  tail -n 20 "$STATE/dockerd.log" >&2
  exit 1
}

# busybox with all its names. `docker import` needs neither a registry nor a builder.
make_image() (
  root=$(mktemp -d); trap 'rm -rf "$root"' EXIT
  mkdir -p "$root"/{bin,dev,etc,proc,root,sys,tmp,var/www}
  chmod 755 "$root"; chmod 1777 "$root/tmp"
  cp "$(command -v busybox)" "$root/bin/busybox"
  for applet in $(busybox --list); do   # relative links: `busybox --install -s` writes the temporary path
    [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
  done
  printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n' >"$root/etc/passwd"
  printf 'root:x:0:\nnogroup:x:65534:\n' >"$root/etc/group"
  tar -C "$root" --owner=0 --group=0 --numeric-owner -c . |
    docker import -c 'ENV PATH=/bin' -c 'CMD ["sh"]' -c "LABEL $IMAGE_LABEL=$IMAGE_RECIPE" - "$IMAGE" >/dev/null
)

# Services first, or a swarm would bring their containers back; images last, when nothing uses them.
remove_labelled() {
  local kind ids
  for kind in service container network volume secret config image; do
    case $kind in
      container) ids=$(docker container ls -aq --filter "label=$LABEL") ;;
      image) ids=$(docker image ls -q --filter "label=$LABEL" | sort -u) ;;
      service | secret | config)    # an error says: no swarm here
        ids=$(docker $kind ls -q --filter "label=$LABEL" 2>/dev/null) || continue ;;
      *) ids=$(docker $kind ls -q --filter "label=$LABEL") ;;
    esac
    [ -n "$ids" ] || continue
    case $kind in
      container) set -- -f -v ;;
      image) set -- -f ;;
      *) set -- ;;
    esac
    # shellcheck disable=SC2086
    docker $kind rm "$@" $ids >/dev/null || say "could not remove every $kind with the label $LABEL" >&2
    say "removed: $(wc -w <<<"$ids") $kind(s) with the label $LABEL"
  done
}

# ---- the three commands ----------------------------------------------------------------------------------------------

lock() {   # one at a time; a plain user changes nothing that two could spoil
  is_root || return 0
  mkdir -p "$STATE"
  exec 9>"$STATE/lock"
  flock -n 9 || { say "another run is at work here: waiting for it"; flock -w 900 9 || die "it did not end"; }
}

up() {
  local how='was running already' made='was there already'
  lock
  if ! answers && [[ ${DOCKER_HOST:-unix://$SOCKET} != unix://@(/var|)/run/docker.sock ]]; then
    die "the engine of DOCKER_HOST=$DOCKER_HOST does not answer; unset it, and one will be started here"
  fi
  if ! answers && [ -S "$SOCKET" ] && [ ! -w "$SOCKET" ]; then
    die "the user $(id -un) may not use $SOCKET: add the user to the group $(stat -Lc %G "$SOCKET"), or be root"
  fi
  install_missing
  if ! answers; then
    is_root || die "everything is installed, but no engine runs. As root: .ci/docker-engine.sh up"
    start_engine
    how='started now'
  elif started_here; then
    how='was started by an earlier run'
  fi
  say "engine $(engine_version), $how"
  say "compose $(compose_version)"
  has_image || { make_image; made='made now'; }
  say "image $IMAGE, $made"
}

down() {
  local pid deadline
  lock
  if has docker && answers; then remove_labelled; fi
  if ! started_here; then
    if answers; then say "the engine was not started here: left running"; else say "no engine runs"; fi
    return
  fi
  is_root || die "the engine was started by root: only root can stop it"
  pid=$(pid_in "$STATE/dockerd.pid")
  kill "$pid"
  deadline=$((SECONDS + STOP_DEADLINE))
  while is_alive dockerd "$pid"; do
    [ $SECONDS -lt $deadline ] || die "dockerd (pid $pid) still runs $STOP_DEADLINE seconds after it was told to stop"
    sleep 0.1
  done
  rm -f "$STATE/dockerd.pid"
  say "engine stopped"
}

status() {
  local ok=0
  if ! answers; then say "no engine answers"; return 1; fi
  if has docker; then say "engine $(engine_version)$(! started_here || echo ', started by this script')"
  else say "an engine answers at $SOCKET, but there is no docker client"; return 1; fi
  if has_compose; then say "compose $(compose_version)"; else say "no compose v2"; ok=1; fi
  if has_image; then say "image $IMAGE"; else say "no image $IMAGE"; ok=1; fi
  return $ok
}

main() {
  case ${1:-up} in
    up | down | status) "${1:-up}" ;;
    *) echo "usage: docker-engine.sh [up|down|status]" >&2; exit 2 ;;
  esac
}

# Sourced, it only defines its functions.
[ "${BASH_SOURCE[0]}" != "$0" ] || main "$@"
