#!/usr/bin/env bash
# test-images.sh: images for the tests, made from what this machine has installed, without a registry.
#
#   angee-postgres:local   PostgreSQL, for a database in a container
#   angee-git:local        git, for what an agent does in its container
#   angee-java:local       a small Java, the docker client and Compose, for a program that uses the engine from inside
#
# and in place of those that the bundled templates name, and which only a registry has:
#
#   angee-database:local   PostgreSQL, with the variables of the official image
#   angee-edge:local       Caddy, driven by the labels of containers
#   angee-php:local        PHP
#   angee-agent:local      what an agent's Dockerfile needs of a Node image of Debian; its npm installs stand-ins
#
# Each is made once, and anew when this recipe or what it is made of has changed. Changes nothing else.
set -euo pipefail
umask 022

# shellcheck source=docker-engine.sh disable=SC1091
. "$(dirname "${BASH_SOURCE[0]}")/docker-engine.sh"     # its functions and names
say() { printf 'test-images: %s\n' "$*"; }

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
RECIPE=2                                        # raise it when an image is made differently
MODULES=java.desktop,java.logging,java.management,java.naming,java.net.http,java.sql,java.xml,jdk.httpserver,jdk.unsupported

newest_postgres() { { compgen -G '/usr/lib/postgresql/*/bin/initdb' || true; } | sort -V | tail -n 1 | cut -d/ -f5; }

# libraries ROOT FILE...: the shared libraries that these need, at the places where they are here.
libraries() {
  local root=$1; shift
  # ldd fails at what is no dynamic program; and what the image holds already is found there
  { ldd "$@" 2>/dev/null || true; } | sed -nE 's#^[^/]*[[:space:]](/[^ :]+) \(.*#\1#p' | sort -u | { grep -v "^$root/" || true; } |
    xargs -r cp -nL --parents -t "$root"
}

# A shell and all its friends, from the image that is there already.
busybox_into() {
  local id; id=$(docker create --label "$LABEL" "$IMAGE")
  docker export "$id" | tar -x -C "$1" --exclude=dev --exclude=etc/resolv.conf --exclude=.dockerenv
  docker rm "$id" >/dev/null
}

postgres_into() {
  local root=$1 version home share
  version=$(newest_postgres); home=/usr/lib/postgresql/$version; share=/usr/share/postgresql/$version
  # without its compiler for queries, which would need a library larger than all else
  tar -C / -c --exclude="*/bitcode" --exclude="*/pgxs" --exclude="*/llvmjit*" --exclude="*/man" \
    "${home#/}" "${share#/}" usr/share/zoneinfo/UTC usr/share/zoneinfo/Etc | tar -x -C "$root"
  libraries "$root" "$root$home"/bin/* "$root$home"/lib/*.so
  ln -s "$home/bin" "$root/postgres"
  echo 'postgres:x:999:999:PostgreSQL:/:/bin/sh' >>"$root/etc/passwd"
  echo 'postgres:x:999:' >>"$root/etc/group"
  mkdir -p "$root/var/run/postgresql"
  chmod 1777 "$root/var/run/postgresql"
}

git_into() {
  local root=$1 programs=()
  # without what needs Perl or Python, and without the mail programs
  tar -C / -c --exclude="*/git-core/git-*svn*" --exclude="*/mergetools" --exclude="*/git-imap-send" --exclude="*/git-send-email" \
    usr/bin/git usr/lib/git-core usr/share/git-core | tar -x -C "$root"
  mapfile -t programs < <(find "$root/usr/lib/git-core" "$root/usr/bin" -type f -perm -u+x)
  libraries "$root" "${programs[@]}"
}

java_home() {
  local javac=${JAVA_HOME:+$JAVA_HOME/bin/javac}
  javac=$(readlink -f "${javac:-$(command -v javac)}") || die "no javac is on the path, and JAVA_HOME names no JDK"
  echo "${javac%/bin/javac}"
}

compose_program() {
  docker info --format '{{range .ClientInfo.Plugins}}{{if eq .Name "compose"}}{{.Path}}{{end}}{{end}}' 2>/dev/null
}

java_into() {
  local root=$1 plugins=usr/libexec/docker/cli-plugins programs=()
  "$(java_home)/bin/jlink" --add-modules "$MODULES" --strip-java-debug-attributes --no-header-files \
    --no-man-pages --output "$root/java"
  mkdir -p "$root/usr/bin" "$root/$plugins"
  cp -L "$(command -v docker)" "$root/usr/bin/docker"
  cp -L "$(compose_program)" "$root/$plugins/docker-compose"
  mapfile -t programs < <(find "$root/java" "$root/usr" -type f -perm -u+x -o -name '*.so' -type f)
  libraries "$root" "${programs[@]}"
}

# programs ROOT PROGRAM...: installed programs of this machine, with their libraries.
programs() {
  local root=$1 program; shift
  mkdir -p "$root/usr/bin"
  for program in "$@"; do
    cp -L "$(command -v "$program")" "$root/usr/bin/$program"
    libraries "$root" "$root/usr/bin/$program"
  done
}

# scripts PROGRAM...: which versions of our programs these are.
scripts() { (cd "$HERE/images" && cat "$@" | sha256sum | cut -c1-12); }

# script ROOT PROGRAM: a program of ours, from .ci/images.
script() { mkdir -p "$1/usr/bin"; install -m 755 "$HERE/images/$2" "$1/usr/bin/$2"; }

database_into() {
  postgres_into "$1"
  script "$1" database
}

edge_into() {
  programs "$1" caddy docker
  script "$1" edge
}

php_into() {
  programs "$1" php
  tar -C / -c usr/share/zoneinfo | tar -x -C "$1"         # Debian's PHP has none of its own
}

agent_into() {
  programs "$1" socat
  script "$1" npm
  script "$1" apt-get
  mkdir -p "$1/var/lib/apt/lists"
}

# image NAME VERSIONS PATH [COMMAND]: what NAME_into puts together, unless it is there with these versions.
image() (
  name=angee-$1:local recipe="$RECIPE $2"
  if [ "$(docker image inspect -f "{{index .Config.Labels \"$IMAGE_LABEL\"}}" "$name" 2>/dev/null)" = "$recipe" ]; then
    say "image $name, was there already"
    return
  fi
  old=$(docker image ls -q "$name")
  root=$(mktemp -d); trap 'rm -rf "$root"' EXIT
  chmod 755 "$root"
  busybox_into "$root"
  "$1_into" "$root"
  tar -C "$root" --owner=0 --group=0 --numeric-owner -c . |
    docker import -c "ENV PATH=$3:/bin" -c "CMD [\"${4:-sh}\"]" -c "LABEL $IMAGE_LABEL=\"$recipe\"" - "$name" >/dev/null
  [ -z "$old" ] || docker image rm "$old" >/dev/null 2>&1 || true      # a container of its own may still use it
  say "image $name, made now"
)

main() {
  local version java
  answers || die "no engine answers: run .ci/docker-engine.sh up"
  has_image || die "the image $IMAGE is missing: run .ci/docker-engine.sh up"
  version=$(newest_postgres)
  [ -n "$version" ] || die "PostgreSQL is missing: run .ci/real-programs.sh"
  java=$(java_home)
  [ -x "$java/bin/jlink" ] || die "the JDK in $java has no jlink: install a whole one"
  [ -n "$(compose_program)" ] || die "no Compose plugin: run .ci/docker-engine.sh up"
  has git || die "git is missing: run .ci/real-programs.sh"
  lock
  image git "$(git --version)" /usr/bin
  image postgres "$("/usr/lib/postgresql/$version/bin/postgres" --version)" /postgres
  image java "$("$java/bin/java" --version | head -n 1), $(docker --version), $(compose_version), $MODULES" \
    /java/bin:/usr/bin
  has caddy && has php && has socat || die "Caddy, PHP or socat is missing: run .ci/real-programs.sh"
  image database "$("/usr/lib/postgresql/$version/bin/postgres" --version), $(scripts database)" /postgres:/usr/bin database
  image edge "$(caddy version), $(docker --version), $(scripts edge)" /usr/bin edge
  image php "$(php --version | head -n 1)" /usr/bin
  image agent "$(socat -V | sed -n 2p), $(scripts npm apt-get)" /usr/local/bin:/usr/bin
}

main
