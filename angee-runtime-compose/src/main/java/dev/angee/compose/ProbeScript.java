package dev.angee.compose;

import dev.angee.plan.HealthCheck;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The command by which a container asks itself over HTTP or TCP: the engine's only probe is a command inside, so a small
 * script uses what the image has. What it asks for it is given as arguments; nothing is spliced into its text. On a
 * failure it prints one line that says what is wrong, which the engine keeps.
 *
 * <p>It means what a probe of a local process means: one GET on loopback, of either family, of which only the status
 * line is read. So no redirect is followed to its end, and no body read, whatever its length.
 */
final class ProbeScript {
    /** Busybox's wget knows no limit of time everywhere: with {@code -T} the static one of Debian 12 crashes. */
    static final String HTTP = """
            exec 2>/dev/null
            set -f
            unset http_proxy all_proxy ALL_PROXY
            limit=
            for one in 'timeout' 'timeout -t'; do
              if $one 1 true; then limit="$one $1"; break; fi
            done
            has() { command -v "$1" >/dev/null; }
            ask() {
              if has curl; then
                exec $limit curl -qsSigN -m "$1" -A angee-health -H "Host: localhost:$2" "http://$4:$2$3"
              elif has wget; then
                exec $limit wget -S -O /dev/null -U angee-health --header "Host: localhost:$2" "http://$4:$2$3"
              elif has bash; then
                host=${4#[}
                exec $limit bash -c 'exec 3<>"/dev/tcp/$0/$1" || exit
                  printf "GET %s HTTP/1.1\\r\\nHost: localhost:%s\\r\\n" "$2" "$1" >&3
                  printf "User-Agent: angee-health\\r\\nAccept: */*\\r\\nConnection: close\\r\\n\\r\\n" >&3
                  read -r line <&3; printf "%s\\n" "$line"' "${host%]}" "$2" "$3"
              fi
              echo 'the image has none of curl, wget and bash to ask with; use an exec check'
            }
            first() {
              { /bin/sh -c 'echo $PPID'; ask "$@" 2>&1; } | {
                read -r asking
                said=
                while read -r line; do
                  said=$line
                  case $line in HTTP/*|curl:*|wget:*) break ;; esac
                done
                kill "$asking"
                printf '%s\\n' "$said"
              }
            }
            problem=
            for host in 127.0.0.1 '[::1]'; do
              said=$(first "$@" "$host")
              case $said in
                HTTP/*)
                  code=${said#* }
                  case $code in [23][0-9][0-9]*) exit 0 ;; esac
                  problem="status ${code%% *}"
                  break ;;
              esac
              problem=${problem:-${said:-no answer}}
            done
            printf 'GET %s on port %s: %s\\n' "$3" "$2" "$problem"
            exit 1
            """;

    /** Not every busybox has {@code nc -z}; one without can run a program once it is connected. */
    static final String TCP = """
            has() { command -v "$1" >/dev/null; }
            problem=
            for host in 127.0.0.1 ::1; do
              said='the image has neither nc nor bash to connect with; use an exec check'
              if has nc; then
                said=$(nc -w "$1" -z "$host" "$2" 2>&1 </dev/null) && exit 0
                case $said in
                  *' option'*) said=$(nc -w "$1" "$host" "$2" -e true 2>&1 </dev/null) && exit 0 ;;
                esac
              elif has bash; then
                said=$(bash -c ': <>"/dev/tcp/$0/$1"' "$host" "$2" 2>&1) && exit 0
              fi
              problem=${problem:-${said:-no connection}}
            done
            printf 'port %s: %s\\n' "$2" "$problem"
            exit 1
            """;

    private static final String NAME = "angee-health";

    private ProbeScript() {}

    /** The words of a GET request. */
    static List<String> http(HealthCheck.Http probe, Duration timeout) {
        return words(HTTP, timeout, String.valueOf(probe.port()), encoded(probe.path()));
    }

    /** The words of a connection. */
    static List<String> tcp(HealthCheck.Tcp probe, Duration timeout) {
        return words(TCP, timeout, String.valueOf(probe.port()));
    }

    /** Whether these are the words of a check that is told by this script, and so what it prints is its own. */
    static boolean isOurs(List<String> test) {
        return test.size() > 3 && (test.get(3).equals(HTTP) || test.get(3).equals(TCP));
    }

    private static List<String> words(String script, Duration timeout, String... asked) {
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", script, NAME));
        words.add(String.valueOf(Math.max(1, timeout.plusNanos(999_999_999).toSeconds())));
        words.addAll(List.of(asked));
        return words;
    }

    /** As it goes into a request; also {@code #}, which the clients would cut off. */
    private static String encoded(String path) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b > ' ' && b < 0x7F && b != '#';
            encoded.append(plain ? Character.toString(b) : String.format("%%%02X", b & 0xFF));
        }
        return encoded.toString();
    }
}
