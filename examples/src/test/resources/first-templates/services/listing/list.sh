#!/bin/sh
# list.sh FOLDER TO: writes the names of FOLDER's files to TO/files.txt
set -eu
mkdir -p "$2"
find "$1" -name .git -prune -o -type f -print | sort >"$2/files.txt"
