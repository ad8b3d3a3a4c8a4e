package dev.angee.process;

/**
 * What {@link LogBound} does, for a shell that outlives the JVM: the same bound, the same hole, the same files beside the
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
     * <p>What fails is tried again with the next call; they end no shell, also one that ends with its first failure. They
     * look at how much of the disk a file takes, and at its {@link LogNote}. They set variables that begin with {@code
     * log_}, read no other, and write nothing to their output.
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
                note_read
                if [ "$log_begin" -gt $((log_base + log_size)) ]; then
                    rm -f -- "$log_path.hole" || return 0
                    log_base=0 log_begin=0
                elif [ "$log_pending" ]; then
                    note_write "$log_base" || return 0
                fi
                if [ "$log_size" -le 1099511627776 ]; then
                    [ $((log_blocks * log_unit - log_kept)) -ge "$log_slack" ] || return 0
                    log_end=$(((log_size - log_kept) / 4096 * 4096))
                    [ "$log_end" -gt 0 ] || return 0
                    bound_punch || return 0
                fi
                log_skip=$(((log_size - log_kept) / 65536))
                [ "$log_skip" -ge 0 ] || log_skip=0
                log_count=$(((log_size + log_slack) / 65536 + 1 - log_skip))
                rm -f -- "$log_path".copy*
                bound_move || rm -f -- "$log_path.copy.$$"
            }
            bound_punch() {
                log_old=$log_begin
                log_begin=$((log_base + log_end))
                log_noted=
                ! note_write "$log_base" || log_noted=yes
                if log_said=$(LC_ALL=C fallocate -p -o 0 -l "$log_end" "$log_path" 2>&1 >/dev/null 3<&- 4<&-); then
                    log_failed=0
                    [ "$log_noted" ] || note_write "$log_base" || :
                    [ ! -e "$log_path.before" ] || rm -f -- "$log_path.before"
                    return 1
                fi
                log_begin=$log_old
                note_write "$log_base" || :
                case $log_said in
                    *'No space left'* | *'nput/output error'* | *'uota exceeded'* | *'Read-only file'*) return 1 ;;
                    *unsupported* | *'not supported'* | *'not implemented'* | *'not found'* | *' option'*) return 0 ;;
                esac
                log_failed=$((${log_failed:-0} + 1))
                [ "$log_failed" -ge 3 ]
            }
            bound_move() {
                dd if="$log_path" of="$log_path.copy.$$" bs=65536 skip="$log_skip" seek="$log_skip" \\
                    count="$log_count" >/dev/null 2>&1 3<&- 4<&- || return 1
                log_end=$(stat -c %s -- "$log_path.copy.$$" 2>/dev/null) || return 1
                log_end=$((log_base + log_end))
                log_first=$((log_base + log_skip * 65536))
                [ "$log_begin" -ge "$log_first" ] || log_begin=$log_first
                note_write "$log_end" || return 1
                mv -f -- "$log_path.copy.$$" "$log_path.before" 2>/dev/null || return 1
                log_mine="$log_base $log_begin $log_end"
                read -r log_said <"$log_path.hole" || return 1
                [ "$log_said" = "$log_mine" ] || return 0
                printf '' >"$log_path"
                log_base=$log_end
                note_write "$log_end" || :
            }
            note_read() {
                log_base=0 log_begin=0 log_next=0 log_pending=
                [ ! -e "$log_path.hole" ] || read -r log_base log_begin log_next 2>/dev/null <"$log_path.hole" || :
                case "$log_base:$log_begin:$log_next" in
                    *[!0-9:]* | :* | *::* | *:) log_base=0 log_begin=0 log_next=0 ;;
                esac
                [ "$log_next" -ne "$log_base" ] || return 0
                log_pending=yes
                [ "$log_size" -ge $((log_next - log_base)) ] || log_base=$log_next
            }
            note_write() {
                printf '%s %s %s\\n' "$log_base" "$log_begin" "$1" 2>/dev/null >"$log_path.hole.$$" \\
                    && mv -f -- "$log_path.hole.$$" "$log_path.hole" 2>/dev/null
            }
            """;

    private LogBoundScript() {}
}
