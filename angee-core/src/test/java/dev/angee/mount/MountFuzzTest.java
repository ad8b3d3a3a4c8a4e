package dev.angee.mount;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.InvalidInputException;
import dev.angee.mount.Mount.Scheme;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class MountFuzzTest {
    private static final int ROUNDS = 100_000;
    private static final List<Scheme> SCHEMES = List.of(Scheme.values());
    private static final String NAME = "abcXYZ019._-";
    private static final String PART = "ab .:~-_$'\"{}äß🚀ro/";
    private static final String[] CRUMBS = {
        "source://",
        "workspace://",
        "volume://",
        "bind://",
        "persist://",
        "://",
        ":",
        "/",
        "//",
        ":/",
        ":ro",
        ":rw",
        "..",
        ".",
        "~",
        "a",
        "app",
        " ",
        "\\",
        "\0",
        "\n",
        "\ud83d",
        "é",
        "${x}",
        "%",
        "-",
        "\u202e",
        ".lock",
        "/../",
        ":/x"
    };

    private final Random random = new Random(20_240_817);

    @Test
    void a_hundred_thousand_mounts_are_the_same_after_being_written_and_read() {
        int workdirs = 0;
        for (int i = 0; i < ROUNDS; i++) {
            Mount mount = mount();
            workdirs += mount.isWorkdir() ? 1 : 0;
            Mount again = mount.isWorkdir() ? Mount.parseWorkdir(mount.text()) : Mount.parse(mount.text());
            require(again.equals(mount) && again.text().equals(mount.text()), mount.text());
        }
        assertThat(workdirs).isBetween(ROUNDS / 20, ROUNDS / 2);
    }

    @Test
    void of_a_hundred_thousand_texts_each_is_a_mount_or_refused_with_a_reason() {
        int read = 0;
        for (int i = 0; i < ROUNDS; i++) {
            String text = random.nextInt(3) == 0 ? crumbs() : mutated(mount().text());
            read += check(text, Mount::parse) ? 1 : 0;
            read += check(text, Mount::parseWorkdir) ? 1 : 0;
        }
        assertThat(read).as("how many were understood").isBetween(ROUNDS / 20, ROUNDS);
    }

    private static boolean check(String text, Function<String, Mount> parser) {
        Mount mount;
        try {
            mount = parser.apply(text);
        } catch (InvalidInputException e) {
            String message = String.valueOf(e.getMessage());
            require(isPlain(message) && message.contains("is not a mount: "), text);
            return false;
        }
        List<String> parts = Arrays.asList((mount.subpath() + mount.target()).split("/", -1));
        require(!parts.contains("..") && !parts.contains("."), text);
        require(isPlain(mount.text()) && mount.text().indexOf('\\') < 0, text);
        require(parser.apply(mount.text()).equals(mount), text);
        return true;
    }

    private static boolean isPlain(String text) {
        return text.indexOf('\0') < 0 && text.indexOf('\n') < 0;
    }

    /** Says which input it was; an assertion of each of the many would take more time than what is tested. */
    private static void require(boolean holds, String input) {
        if (!holds) {
            throw new AssertionError("does not hold for: " + input);
        }
    }

    /** A mount as somebody could mean it; what cannot be one is drawn again. */
    private Mount mount() {
        while (true) {
            Scheme scheme = SCHEMES.get(random.nextInt(SCHEMES.size()));
            boolean bind = scheme == Scheme.BIND;
            String name = bind ? path(random.nextBoolean() ? "/" : "") : word(NAME, 1 + random.nextInt(8));
            String subpath = bind || random.nextBoolean() ? "" : path("");
            String target = random.nextInt(4) == 0 ? "" : path("/").replace(":", "");
            try {
                Mount mount = new Mount(scheme, name, subpath, target, false);
                return target.isEmpty() || random.nextBoolean() ? mount : mount.asReadOnly();
            } catch (InvalidInputException e) {
                require(!e.reason().isEmpty(), name);
            }
        }
    }

    private String path(String start) {
        List<String> parts = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            parts.add(word(PART, random.nextInt(6)));
        }
        return start + String.join("/", parts);
    }

    private String word(String alphabet, int length) {
        int[] choice = alphabet.codePoints().toArray();
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < length; i++) {
            word.appendCodePoint(choice[random.nextInt(choice.length)]);
        }
        return word.toString();
    }

    private String crumbs() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i >= 0; i--) {
            text.append(CRUMBS[random.nextInt(CRUMBS.length)]);
        }
        return text.toString();
    }

    private String mutated(String text) {
        StringBuilder mutated = new StringBuilder(text);
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(mutated.length() + 1);
            String crumb = CRUMBS[random.nextInt(CRUMBS.length)];
            if (random.nextBoolean() || mutated.length() == 0) {
                mutated.insert(at, crumb);
            } else {
                int end = Math.min(mutated.length(), at + random.nextInt(4));
                mutated.replace(Math.min(at, end), end, random.nextBoolean() ? crumb : "");
            }
        }
        return mutated.toString();
    }

    @Test
    void the_crumbs_name_every_scheme() {
        assertThat(Arrays.asList(CRUMBS))
                .containsAll(
                        Arrays.stream(Scheme.values()).map(s -> s.id() + "://").toList());
    }
}
