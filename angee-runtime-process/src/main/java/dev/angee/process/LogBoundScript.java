package dev.angee.process;

/**
 * What {@link LogBound} does, for a shell that outlives the JVM: the same bound, the same hole, the same file beside the
 * log, so that a JVM goes on where the shell has left off, and the other way about.
 */
final class LogBoundScript {
    /**
     * Functions for a POSIX shell; to be called from a loop, as often as the bound shall be kept:
     *
     * <ul>
     *   <li>{@code bound_logs LISTING} bounds many: a file with a line {@code KEPT PATH} for each, with the bytes to keep;
     *       a path may hold anything but a line break, and does not end in a space. While there is nothing to do it
     *       costs one process, {@code stat}, for all of them; a log that is not there is passed over.
     *   <li>{@code bound_log FILE KEPT} bounds one.
     * </ul>
     *
     * <p>What fails is tried again with the next call; they end no shell, also one that ends with its first failure. They look at how much of the disk a file takes, which is all they need to know of what was done before. They set
     * variables that begin with {@code log_}, read no other, and write nothing to their output.
     */
    static final String FUNCTIONS = """
            bound_log() {
                log_stat=$(stat -c '%s %b %B' -- "$1" 2>/dev/null) || return 0
                log_path=$1
                log_kept=$2
                read -r log_size log_blocks log_unit <<EOF
            $log_stat
            EOF
                bound_seen
            }
            bound_logs() {
                log_listing=$1
                [ -r "$log_listing" ] || return 0
                set --
                while read -r log_kept log_path; do
                    set -- "$@" "$log_path"
                done <"$log_listing"
                [ $# -gt 0 ] || return 0
                log_stat=$(stat -c '%s %b %B %n' -- "$@" 2>/dev/null) || :
                log_found=
                while read -r log_kept log_path <&3; do
                    [ -n "$log_found" ] || read -r log_size log_blocks log_unit log_found <&4 || break
                    if [ "$log_found" = "$log_path" ]; then
                        log_found=
                        bound_seen
                    fi
                done 3<"$log_listing" 4<<EOF
            $log_stat
            EOF
            }
            bound_seen() {
                log_slack=$((log_kept / 4))
                [ "$log_slack" -ge 1048576 ] || log_slack=1048576
                if [ "$log_size" -le 1099511627776 ]; then
                    [ $((log_blocks * log_unit - log_kept)) -ge "$log_slack" ] || return 0
                    log_end=$(((log_size - log_kept) / 4096 * 4096))
                    [ "$log_end" -gt 0 ] || return 0
                    if fallocate -p -o 0 -l "$log_end" "$log_path" >/dev/null 2>&1 3<&- 4<&-; then
                        [ ! -e "$log_path.before" ] || rm -f -- "$log_path.before"
                        return 0
                    fi
                fi
                log_skip=$(((log_size - log_kept) / 65536))
                [ "$log_skip" -ge 0 ] || log_skip=0
                log_count=$(((log_size + log_slack) / 65536 + 1 - log_skip))
                rm -f -- "$log_path.copy"
                if dd if="$log_path" of="$log_path.copy" bs=65536 skip="$log_skip" seek="$log_skip" \\
                        count="$log_count" >/dev/null 2>&1 3<&- 4<&- \\
                        && mv -f -- "$log_path.copy" "$log_path.before"; then
                    printf '' >"$log_path"
                else
                    rm -f -- "$log_path.copy"
                fi
            }
            """;

    private LogBoundScript() {}
}
