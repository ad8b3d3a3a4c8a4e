package dev.angee.process;

/** The shell program of {@link Keeper}. */
final class KeeperScript {
    /**
     * {@code $1} is the folder of the records, {@code $2} the token of this term, {@code $3} the marker of the stack. The folder
     * may have any name.
     *
     * <p>Unlike {@link Shutdown} it runs no shutdown command, and knows what a service has led to by marker, group and
     * session only, not by parent.
     */
    static final String TEXT = LogBoundScript.FUNCTIONS + """
            folder=$1 token=$2 stack=$3
            read -r owner
            exec </dev/null

            # the environment files of the processes with exactly this marker
            marked() { grep -lzsxF "ANGEE_PROCESS_MARKER=$1" /proc/[0-9]*/environ; }

            # signals them: a group that one of them leads at once, others one by one; and remembers their sessions
            signal() {
              files=$(marked "$1") groups=
              for file in $files; do
                pid=${file#/proc/} pid=${pid%/environ}
                read -r stat 2>/dev/null <"/proc/$pid/stat" || continue
                stat=${stat##*) }
                stat=${stat#* * } group=${stat%% *}
                stat=${stat#* } sessions="$sessions ${stat%% *} "
                case " $groups " in *" $group "*) continue ;; esac
                case "$files" in
                  *"/proc/$group/environ"*) groups="$groups $group"; kill -s "$2" -- "-$group" 2>/dev/null ;;
                  *) kill -s "$2" -- "$pid" 2>/dev/null ;;
                esac
              done
            }

            # kills what is left in the sessions: it may have no marker
            sweep() {
              for file in /proc/[0-9]*/stat; do
                read -r stat 2>/dev/null <"$file" || continue
                stat=${stat##*) }
                stat=${stat#* * * }
                case $sessions in
                  *" ${stat%% *} "*) pid=${file#/proc/}; kill -s KILL -- "${pid%/stat}" 2>/dev/null ;;
                esac
              done
            }

            # ends one: asks, waits, kills
            finish() {
              sessions=
              signal "$1" "$2"
              tenths=0
              while [ -n "$(marked "$1")" ] && [ "$tenths" -lt "$3" ]; do
                sleep 0.1
                tenths=$((tenths + 1))
              done
              tries=0
              while [ -n "$(marked "$1")" ] && [ "$tries" -lt 100 ]; do
                signal "$1" KILL
                sleep 0.1
                tries=$((tries + 1))
              done
              sweep
            }

            for file in "$folder"/services/*/owner.*; do
              read -r whose marker stop grace rest 2>/dev/null <"$file" || continue
              if [ "$whose" = "$token" ] && [ -n "$(marked "$marker")" ]; then
                true 2>/dev/null >"${file%/owner.*}/ended.${file##*.}"
                finish "$marker" "$stop" "$grace" &
              fi
            done

            supervised() { read -r now 2>/dev/null <"$folder/.token" && [ "$now" != "$token" ]; }
            known() { set -- "$folder"/services/*/record.json; [ -e "$1" ]; }
            running() { grep -qzsF "ANGEE_PROCESS_MARKER=$stack." /proc/[0-9]*/environ; }

            if known && [ -e "$folder/.token" ] && ! supervised; then
              echo "$token $(date -u +%Y-%m-%dT%H:%M:%SZ)" >"$folder/.unsupervised.$$" \\
                && mv -f "$folder/.unsupervised.$$" "$folder/.unsupervised"
              round=0
              while running && ! supervised; do
                round=$((round + 1))
                (cd "$folder" && bound_logs .logs)
                sleep 1
              done
            fi
            wait
            """;

    private KeeperScript() {}
}
