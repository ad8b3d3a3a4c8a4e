package dev.angee.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file, what other versions and accidents make of it. */
class LedgerFileTest extends LedgerFixture {
    private static final int MUTATIONS = 2_000;
    private static final long SEED = 20_260_102;

    @Test
    void a_file_of_format_1_is_read_and_reading_leaves_it_as_it_is() throws IOException {
        writeFormat1();
        byte[] before = Files.readAllBytes(file());
        List<PortLease> leases = ledger().all();
        assertThat(leases)
                .extracting(lease -> lease.port() + " " + lease.pool() + " " + lease.root() + " " + lease.owner() + " "
                        + lease.since())
                .containsExactly(
                        "8100 web " + one + " workspace/a/web 2025-01-02T03:04:05Z",
                        "8101 api " + two + " workspace/a/api 2025-01-02T03:04:05.123456Z");
        assertThat(leases).extracting(PortLease::id).doesNotHaveDuplicates();
        assertThat(ledger().all())
                .as("ids do not change from one read to the next")
                .isEqualTo(leases);
        assertThat(Files.readAllBytes(file())).isEqualTo(before);
    }

    @Test
    void the_first_change_writes_a_file_of_format_1_in_format_2_and_loses_nothing() throws IOException {
        writeFormat1();
        List<PortLease> before = ledger().all();
        PortLease more = ledger().lease(POOL, one, web("b"));
        assertThat(more.port()).isEqualTo(8102);
        assertThat(Files.readString(file())).contains("\"version\" : 2");
        assertThat(ledger().all()).containsExactly(before.get(0), before.get(1), more);
        ledger().release(before.get(0));
        assertThat(ledger().all()).containsExactly(before.get(1), more);
    }

    @Test
    void everything_written_is_read_again_and_only_its_owner_may_read_it() throws IOException {
        PortLease lease = ledger().lease(POOL, one, web("a"));
        ledger().reserve(two, Map.of("ports.web", 9000));
        ledger().adopt(two, List.of(new LegacyLease("web", 8102, "stack/web", NOW)));
        assertThat(ledger().all()).contains(lease).hasSize(2);
        assertThat(ledger().reservations()).containsExactly(new PortReservation(9000, two, "ports.web"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"version\": 3, \"roots\": []}",
                "{\"version\": 3, \"leases\": {\"8100\": \"another shape\"}, \"roots\": 7}",
                "{\"roots\": \"shape first\", \"version\": 2147483647}"
            })
    void a_file_of_a_newer_build_is_refused_and_left_as_it_is(String content) throws IOException {
        write(content);
        assertFails(ErrorCode.UNSUPPORTED, () -> ledger().all())
                .hasMessageContaining(file().toString())
                .hasMessageContaining("newer build");
        assertFails(ErrorCode.UNSUPPORTED, () -> ledger().lease(POOL, one, web("a")));
        assertFails(ErrorCode.UNSUPPORTED, () -> ledger().release(one, "workspace/a"));
        assertThat(file()).hasContent(content);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "null",
                "[]",
                "{}",
                "\0\0\0\0",
                "{\"version\": 0}",
                "{\"version\": -1}",
                "{\"version\": 1}",
                "{\"version\": 2}",
                "{\"version\": 2, \"leases\": []}",
                "{\"version\": 2, \"roots\": [null]}",
                "{\"version\": 2, \"roots\": [{\"path\": \"/r\", \"leases\": [null], \"fixed\": {}, \"adopted\": []}]}",
                "{\"version\": 2, \"roots\": [{\"path\": \"/r\", \"leases\": [], \"fixed\": {\"a\": null}, \"adopted\": []}]}",
                "{\"version\": 2, \"roots\": [{\"path\": \"/r\", \"leases\": [], \"fixed\": {\"a\": 0}, \"adopted\": []}]}",
                "{\"version\": 2, \"roots\": [{\"path\": \"/r\", \"leases\": [], \"fixed\": {}, \"adopted\": [null]}]}",
                "{\"version\": 2, \"roots\": [{\"path\": \"r\", \"leases\": [{\"id\": \"0-0-0-0-0\", \"port\": 1, "
                        + "\"owner\": \"stack/a\", \"since\": \"2026-01-01T00:00:00Z\"}], \"fixed\": {}, \"adopted\": []}]}",
                "{\"version\": 2, \"roots\": [{\"path\": \"/r\", \"leases\": [], \"fixed\": {\"a\": 80}, \"adopted\": []},"
                        + "{\"path\": \"/s\", \"leases\": [], \"fixed\": {\"a\": 80}, \"adopted\": []}]}",
                "{\"version\": 2, \"roots\": [{\"path\": \"/r\", \"leases\": [], \"fixed\": {}, \"adopted\": []},"
                        + "{\"path\": \"/r\", \"leases\": [], \"fixed\": {\"a\": 80}, \"adopted\": []}]}"
            })
    void a_damaged_ledger_is_named_with_the_way_out_and_is_not_overwritten(String content) throws IOException {
        write(content);
        assertFails(ErrorCode.FAILED, () -> ledger().all())
                .hasMessageContaining(file().toString())
                .hasMessageContaining("move it away");
        assertFails(ErrorCode.FAILED, () -> ledger().lease(POOL, one, web("a")));
        assertFails(ErrorCode.FAILED, () -> ledger().preview(POOL, one, web("a")));
        assertFails(ErrorCode.FAILED, () -> ledger().release(one, "workspace/a"));
        assertFails(ErrorCode.FAILED, () -> ledger().reserve(one, Map.of()));
        assertThat(Files.readString(file())).isEqualTo(content);
    }

    @Test
    void one_port_leased_twice_is_damage() throws IOException {
        writeFormat1();
        write(Files.readString(file()).replace("8101", "8100"));
        assertFails(ErrorCode.FAILED, () -> ledger().all()).hasMessageContaining("8100 is leased twice");
    }

    /** Mutates good files of both formats: each is refused with a typed error, or read as something sane. */
    @Test
    void no_mutated_file_makes_anything_but_a_typed_error_or_a_sane_read() throws IOException {
        Random random = new Random(SEED);
        List<byte[]> good = goodFiles();
        Map<ErrorCode, Integer> refused = new EnumMap<>(ErrorCode.class);
        int read = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] content = mutated(good.get(random.nextInt(good.size())), random);
            Files.write(file(), content);
            try {
                assertSane(ledger().all());
                ledger().preview(POOL, one, web("new"));
                ledger().reservations();
                read++;
            } catch (AngeeException e) {
                assertThat(e.getMessage()).contains(file().toString());
                refused.merge(e.code(), 1, Integer::sum);
            } catch (RuntimeException | Error e) {
                throw new AssertionError("mutation " + i + ": " + new String(content, StandardCharsets.UTF_8), e);
            }
            assertThat(Files.readAllBytes(file())).isEqualTo(content);
        }
        assertThat(read).as("mutations that leave a good file").isPositive();
        assertThat(refused.getOrDefault(ErrorCode.FAILED, 0)).isGreaterThan(MUTATIONS / 4);
        assertThat(refused).containsOnlyKeys(ErrorCode.FAILED, ErrorCode.UNSUPPORTED);
    }

    private void assertSane(List<PortLease> leases) {
        assertThat(leases)
                .extracting(PortLease::port)
                .doesNotHaveDuplicates()
                .allMatch(port -> port > 0 && port < 65536);
        assertThat(leases).allMatch(lease -> lease.root().isAbsolute());
    }

    private List<byte[]> goodFiles() throws IOException {
        PortPool wide = new PortPool("web", 8200, 8300);
        for (String name : List.of("a", "b", "c")) {
            ledger().lease(wide, one, web(name));
        }
        ledger().reserve(one, Map.of("ports.web", 8101));
        ledger().reserve(two, Map.of("ingress", 443, "ports.api", 8500));
        ledger().adopt(two, List.of(new LegacyLease("web", 8400, "service/s/web", NOW)));
        byte[] format2 = Files.readAllBytes(file());
        writeFormat1();
        return List.of(format2, Files.readAllBytes(file()));
    }

    private static byte[] mutated(byte[] good, Random random) {
        byte[] content = good.clone();
        for (int n = 1 + random.nextInt(3); n > 0 && content.length > 1; n--) {
            int at = random.nextInt(content.length);
            switch (random.nextInt(6)) {
                case 0 -> content[at] = (byte) random.nextInt(256);
                case 1 -> content = Arrays.copyOf(content, at);
                case 2 -> content = spliced(content, at, at + random.nextInt(40), new byte[0]);
                case 3 -> content = spliced(content, at, at, Arrays.copyOfRange(good, 0, random.nextInt(good.length)));
                case 4 -> content = replacedToken(content, random);
                default -> content[at] = (byte) "0123456789\"{}[],:-/\0 ".charAt(random.nextInt(21));
            }
        }
        return content;
    }

    /** Puts another JSON value where a string or a number is. */
    private static byte[] replacedToken(byte[] content, Random random) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        List<int[]> tokens = new ArrayList<>();
        Matcher matcher = Pattern.compile("\"[^\"]*\"|\\d+").matcher(text);
        while (matcher.find()) {
            tokens.add(new int[] {matcher.start(), matcher.end()});
        }
        if (tokens.isEmpty()) {
            return content;
        }
        int[] token = tokens.get(random.nextInt(tokens.size()));
        List<String> values = List.of(
                "null",
                "true",
                "-1",
                "0",
                "8101",
                "99999999999999999999",
                "1e400",
                "\"\"",
                "\"../x\"",
                "[]",
                "{}",
                "[[[[]]]]",
                "\"\\u0000\"",
                "2.5",
                "\"2026-13-01T00:00:00Z\"",
                "3");
        return spliced(
                content,
                token[0],
                token[1],
                values.get(random.nextInt(values.size())).getBytes(StandardCharsets.ISO_8859_1));
    }

    private static byte[] spliced(byte[] content, int from, int to, byte[] with) {
        int end = Math.min(to, content.length);
        byte[] result = new byte[from + with.length + content.length - end];
        System.arraycopy(content, 0, result, 0, from);
        System.arraycopy(with, 0, result, from, with.length);
        System.arraycopy(content, end, result, from + with.length, content.length - end);
        return result;
    }

    /** As an earlier build wrote it. */
    private void writeFormat1() throws IOException {
        write("""
                {
                  "version" : 1,
                  "leases" : [ {
                    "port" : 8100,
                    "pool" : "web",
                    "root" : "%s",
                    "owner" : "workspace/a/web",
                    "since" : "2025-01-02T03:04:05Z"
                  }, {
                    "port" : 8101,
                    "pool" : "api",
                    "root" : "%s",
                    "owner" : "workspace/a/api",
                    "since" : "2025-01-02T03:04:05.123456Z"
                  } ]
                }""".formatted(json(one), json(two)));
    }

    private static String json(Path path) {
        return path.toString().replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
