package dev.angee.process;

/** The shell program of {@link Keeper}. */
final class KeeperScript {
    /**
     * {@code $1} is the folder of the records, {@code $2} the token of the one who supervises, {@code $3} the marker of the
     * stack. Paths are never taken apart, as the root may have any name.
     */
    static final String TEXT = LogBoundScript.FUNCTIONS + """
            folder=$1 token=$2 stack=$3
            read -r owner
            exec </dev/null

            # the environment files of the processes with exactly this marker
            marked() { grep -lzsxF "ANGEE_PROCESS_MARKER=$1" /proc/[0-9]*/environ; }

            # signals them, each with its group
            signal() {
              for file in $(marked "$1"); do
                pid=${file#/proc/} pid=${pid%/environ}
                kill -s "$2" -- "-$pid" 2>/dev/null || kill -s "$2" -- "$pid" 2>/dev/null
              done
            }

            # ends one: asks, waits, kills
            finish() {
              signal "$1" "$2"
              tenths=0
              while [ -n "$(marked "$1")" ] && [ "$tenths" -lt "$3" ]; do
                sleep 0.1
                tenths=$((tenths + 1))
              done
              while [ -n "$(marked "$1")" ]; do
                signal "$1" KILL
                sleep 0.1
              done
            }

            for file in "$folder"/services/*/owner.*; do
              read -r whose marker stop grace 2>/dev/null <"$file" || continue
              if [ "$whose" = "$token" ] && [ -n "$(marked "$marker")" ]; then
                : >"${file%/owner.*}/ended.${file##*.}"
                finish "$marker" "$stop" "$grace" &
              fi
            done

            ours() { read -r now 2>/dev/null <"$folder/.token" && [ "$now" = "$token" ]; }
            running() { grep -qzsF "ANGEE_PROCESS_MARKER=$stack." /proc/[0-9]*/environ; }

            running || exit 0
            ours || { wait; exit 0; }
            date -u +%Y-%m-%dT%H:%M:%SZ >"$folder/.unsupervised"
            round=0
            while ours; do
              round=$((round + 1))
              [ $((round % 10)) -ne 0 ] || running || break
              (cd "$folder" && bound_logs .logs)
              sleep 1
            done
            wait
            """;

    private KeeperScript() {}
}
