package dev.angee.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.InvalidInputException;
import dev.angee.mount.Mount.Scheme;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MountTest {
    /** What is written, and the pieces of what is understood: scheme, name, subpath, target, access. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "source://app:/src                  | source    | app        | ''      | /src      | rw",
                "source://app/pkg/x:/src:ro         | source    | app        | pkg/x   | /src      | ro",
                "workspace://w-1/app:/w             | workspace | w-1        | app     | /w        | rw",
                "volume://data:/var:rw              | volume    | data       | ''      | /var      | rw",
                "volume://data/sub:/x               | volume    | data       | sub     | /x        | rw",
                "persist://db:/var/lib/db           | persist   | db         | ''      | /var/lib/db | rw",
                "persist://db/main/wal:/wal:ro      | persist   | db         | main/wal | /wal     | ro",
                "source://app/a b/c:/with space/x   | source    | app        | a b/c   | /with space/x | rw",
                "source://app/a:b:/x                | source    | app        | a:b     | /x        | rw",
                "bind:///a b/c:/x                   | bind      | /a b/c     | ''      | /x        | rw",
                "bind:///with:colon:/x              | bind      | /with:colon | ''     | /x        | rw",
                "bind:///a:/b:/c                    | bind      | /a:/b      | ''      | /c        | rw",
                "bind:///a:/b:ro                    | bind      | /a         | ''      | /b        | ro",
                "bind:///a:ro:/b                    | bind      | /a:ro      | ''      | /b        | rw",
                "bind:///a::/b                      | bind      | /a:        | ''      | /b        | rw",
                "bind://../x:/y                     | bind      | ../x       | ''      | /y        | rw",
                "bind://a/../../x:/y                | bind      | ../x       | ''      | /y        | rw",
                "bind:///../x:/y                    | bind      | /x         | ''      | /y        | rw",
                "bind://.:/y                        | bind      | .          | ''      | /y        | rw",
                "bind://./~x:/y                     | bind      | ./~x       | ''      | /y        | rw",
                "pg:/data                           | volume    | pg         | ''      | /data     | rw",
                "pg:/data:rw                        | volume    | pg         | ''      | /data     | rw",
                "/a:/b:ro                           | bind      | /a         | ''      | /b        | ro",
                "./x:/y                             | bind      | x          | ''      | /y        | rw",
                "../x:/y                            | bind      | ../x       | ''      | /y        | rw",
                "source://app//a/./b/:/x//y/        | source    | app        | a/b     | /x/y      | rw",
                "source://app/.:/x                  | source    | app        | ''      | /x        | rw",
                "bind:////a//b/:/c                  | bind      | /a/b       | ''      | /c        | rw"
            })
    void the_parts_of_a_mount(String text, String scheme, String name, String subpath, String target, String access) {
        Mount mount = Mount.parse(text);
        assertThat(mount.scheme().id()).isEqualTo(scheme);
        assertThat(List.of(mount.name(), mount.subpath(), mount.target(), mount.readOnly() ? "ro" : "rw"))
                .containsExactly(name, subpath, target, access);
        assertThat(mount.isWorkdir()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "source://app                       -> ':<target>'",
                "source://:/x                       -> a name is missing",
                "source:///x:/y                     -> a name is missing",
                "source://app:x                     -> ':<target>'",
                "source://app:                      -> ':<target>'",
                "sourc://app:/x                     -> 'sourc' is not a scheme",
                "Source://app:/x                    -> 'Source' is not a scheme",
                "://x:/y                            -> '' is not a scheme",
                "source://app/../..:/x              -> '..' would leave the source",
                "workspace://w/a/../b:/x            -> '..' would leave the workspace",
                "persist://db/..:/x                 -> '..' would leave the persist",
                "source://..:/x                     -> '..' is not the name of a source",
                "workspace://.:/x                   -> '.' is not the name of a workspace",
                "volume://.hidden:/x                -> '.hidden' is not the name of a volume",
                "source://app.lock:/x               -> 'app.lock' is not the name of a source",
                "source://app:/x:ro:ro              -> only ':ro' or ':rw' may follow, once",
                "source://app:/x:ro:rw              -> only ':ro' or ':rw' may follow, once",
                "source://app:/x:z                  -> only ':ro' or ':rw' may follow, once",
                "source://app:/x/../y               -> has a '..'",
                "source://app:/..                   -> has a '..'",
                "source://app:/                     -> the target '/'",
                "source://app:/.//                  -> the target '/'",
                "source://app:/:ro                  -> the target '/'",
                "bind://:/x                         -> a host path is missing",
                "bind://~/x:/y                      -> '~' is not expanded",
                "bind://~:/y                        -> '~' is not expanded",
                "~/x:/y                             -> '~' is not expanded",
                "bind:///a\\b:/c                    -> a backslash",
                "source://a\\b:/c                   -> a backslash",
                "source://app:/c\\d                 -> a backslash",
                "conf/x:/y                          -> begins with '/' or './'",
                "p g:/data                          -> 'p g' is not the name of a volume",
                "a                                  -> ':<target>'",
                "/only/a/path                       -> ':<target>'",
                ":/x                                -> a name is missing",
            })
    void what_is_no_mount_is_refused_with_the_reason(String row) {
        String[] parts = row.split(" +-> ", 2);
        assertThatThrownBy(() -> Mount.parse(parts[0]))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("mount: '" + parts[0] + "' is not a mount: ")
                .hasMessageContaining(parts[1]);
    }

    @Test
    void control_characters_broken_unicode_and_endless_texts_are_refused_and_shown_in_one_short_line() {
        for (String bad : List.of("\0", "\n", "\r", "\t", "\u001b", "\u007f", "\u0085", "\ud800")) {
            for (String text : List.of(
                    "source://a" + bad + "b:/x",
                    "source://app/a" + bad + ":/x",
                    "source://app:/x" + bad,
                    "bind:///a" + bad + "b:/x",
                    "/a" + bad + ":/x")) {
                assertThatThrownBy(() -> Mount.parse(text))
                        .isInstanceOf(InvalidInputException.class)
                        .satisfies(e ->
                                assertThat(e.getMessage()).doesNotContain(bad).doesNotContain("\n"));
            }
        }
        assertThatThrownBy(() -> Mount.parse("bind:///" + "a/".repeat(100_000) + ":/x"))
                .hasMessageContaining("longer than 4096")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
        assertThatThrownBy(() -> Mount.parse("bind:///" + "ä".repeat(128) + ":/x"))
                .hasMessageContaining("255 bytes");
        assertThatThrownBy(() -> Mount.of(Scheme.BIND, "/" + "a/".repeat(1200), "/" + "a/".repeat(1200)))
                .hasMessageContaining("longer than");
    }

    @Test
    void a_working_directory_is_written_without_a_target() {
        assertThat(Mount.parseWorkdir("source://app/pkg")).isEqualTo(new Mount(Scheme.SOURCE, "app", "pkg", "", false));
        assertThat(Mount.parseWorkdir("persist://db").isWorkdir()).isTrue();
        assertThat(Mount.parseWorkdir("bind://../a b")).isEqualTo(new Mount(Scheme.BIND, "../a b", "", "", false));
        for (String text : List.of("workspace://w:/x", "source://app/a:b", "bind:///a:/b:ro")) {
            assertThatThrownBy(() -> Mount.parseWorkdir(text))
                    .hasMessageContaining("a working directory has no target");
        }
        assertThatThrownBy(() -> Mount.parseWorkdir("app")).hasMessageContaining("is not a scheme");
        assertThatThrownBy(() -> Mount.parseWorkdir("source://app/../x")).hasMessageContaining("would leave");
        assertThatThrownBy(() -> Mount.parseWorkdir("source://")).hasMessageContaining("a name is missing");
    }

    @Test
    void a_mount_written_as_a_map_is_the_same_as_its_text() {
        assertThat(Mount.of(Scheme.ofType("volume"), "data", "/var")).isEqualTo(Mount.parse("volume://data:/var"));
        assertThat(Mount.of(Scheme.ofType("bind"), "./a:b", "/x").asReadOnly())
                .isEqualTo(Mount.parse("bind://./a:b:/x:ro"));
        assertThatThrownBy(() -> Scheme.ofType("tmpfs")).hasMessageContaining("types: bind, volume");
        assertThatThrownBy(() -> Mount.of(Scheme.VOLUME, "data", "")).hasMessageContaining("the target is missing");
        assertThatThrownBy(() -> Mount.of(Scheme.VOLUME, "data", "var"))
                .hasMessageContaining("must be an absolute path");
        assertThatThrownBy(() -> Mount.of(Scheme.VOLUME, "data", "/var:ro")).hasMessageContaining("only ':ro'");
        assertThatThrownBy(() -> Mount.of(Scheme.VOLUME, "", "/var")).hasMessageContaining("a name is missing");
    }

    @Test
    void a_value_made_without_its_text_is_checked_all_the_same_S5() {
        assertThatThrownBy(() -> new Mount(Scheme.WORKSPACE, "../run", "", "/x", false))
                .hasMessageContaining("is not the name of a workspace");
        assertThatThrownBy(() -> new Mount(Scheme.SOURCE, "app", "../run", "/x", false))
                .hasMessageContaining("would leave");
        assertThatThrownBy(() -> new Mount(Scheme.SOURCE, "app", "", "/a/../..", false))
                .hasMessageContaining("has a '..'");
        assertThatThrownBy(() -> new Mount(Scheme.BIND, "/a", "b", "/x", false)).hasMessageContaining("one path");
        assertThatThrownBy(() -> new Mount(Scheme.SOURCE, "app", "", "", true)).hasMessageContaining("not mounted");
    }

    @Test
    void two_mounts_on_one_target_are_found() {
        Mount first = Mount.parse("source://app:/src");
        Mount second = Mount.parse("volume://data://src/");
        Mount other = Mount.parse("volume://data:/src/x");
        assertThat(MountClash.among(List.of(first, other))).isEmpty();
        assertThat(MountClash.among(List.of(first, other, second))).contains(new MountClash(first, second));
        assertThat(new MountClash(first, second).message())
                .contains("source://app:/src", "volume://data:/src", "another target");
        Mount workdir = Mount.parseWorkdir("source://app");
        assertThat(MountClash.among(List.of(workdir, workdir))).isEmpty();
    }
}
