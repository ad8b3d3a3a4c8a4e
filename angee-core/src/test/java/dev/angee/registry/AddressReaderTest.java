package dev.angee.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.internal.ShownAddress;
import dev.angee.source.GitUrl;
import dev.angee.source.Revision;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressReaderTest {
    private static final RegistryOptions OPTIONS = RegistryOptions.in(Path.of("/cache"))
            .registry(GitUrl.of("https://reg.example.org/t.git"))
            .host(GitUrl.of("https://git.example.org/"));

    @TempDir
    Path folder;

    private static String read(String ref) {
        return new AddressReader(OPTIONS)
                .read(ref)
                .map(address -> address.repository() + " " + String.join("|", address.folders()) + " "
                        + address.pin().map(Revision::value).orElse("-"))
                .orElse("none");
    }

    @ParameterizedTest
    @CsvSource({
        "stacks/dev, https://reg.example.org/t.git templates/stacks/dev|.templates/stacks/dev|stacks/dev -",
        "stacks/dev@v1, https://reg.example.org/t.git templates/stacks/dev|.templates/stacks/dev|stacks/dev v1",
        "stacks/dev@release/1, https://reg.example.org/t.git templates/stacks/dev|.templates/stacks/dev|stacks/dev release/1",
        "dev, none",
        "dev@v1, none",
        "/abs/dev, none",
        "/abs//dev@v1, none",
        "o/r//a/b, https://git.example.org/o/r.git a/b -",
        "o/r//a/b@v1, https://git.example.org/o/r.git a/b v1",
        "o/r.git//a@0123456, https://git.example.org/o/r.git a 0123456",
        "https://h.example/x/r.git//sub/p@v1, https://h.example/x/r.git sub/p v1",
        "https://h.example/x/r.git//sub/p?ref=release/1, https://h.example/x/r.git sub/p release/1",
        "https://h.example:8443/r//sub, https://h.example:8443/r sub -",
        "https://h.example/x/r.git@v1, https://h.example/x/r.git '' v1",
        "https://h.example/x/r.git, https://h.example/x/r.git '' -",
        "https://h.example/x/r.git//@v1, https://h.example/x/r.git '' v1",
        "ssh://git@h.example/x/r.git//p@v1, ssh://git@h.example/x/r.git p v1",
        "ssh://git@h.example/x/r.git, ssh://git@h.example/x/r.git '' -",
        "git@h.example:x/r.git//p@v1, git@h.example:x/r.git p v1",
        "git@h.example:r.git, git@h.example:r.git '' -",
        "git@h.example:r.git@v1, git@h.example:r.git '' v1",
        "https://github.com/o/r/tree/main/a/b, https://github.com/o/r.git a/b main",
        "https://github.com/o/r/tree/main, https://github.com/o/r.git '' main",
        "https://github.com/o/r/a/b, https://github.com/o/r.git a/b -",
        "https://github.com/o/r.git/a/b, https://github.com/o/r.git a/b -",
        "https://github.com/o/r/tree/main/a?ref=v2, https://github.com/o/r.git a v2",
        "https://github.com/o/r.git//a@v1, https://github.com/o/r.git a v1",
        "https://github.com/o/r.git, https://github.com/o/r.git '' -",
        "https://github.com/o/r/tree/m/templates/stack/x, "
                + "https://github.com/o/r.git templates/stack/x|templates/stacks/x m",
        "https://github.com/o/r/.templates/service/x, https://github.com/o/r.git .templates/service/x|.templates/services/x -",
        "https://git.example.org/o/r/tree/main/a, https://git.example.org/o/r.git a main",
        "https://git.example.org.evil/o/r/tree/main/a, https://git.example.org.evil/o/r/tree/main/a '' -"
    })
    void an_address_is_a_repository_the_folders_to_look_in_and_a_pin(String ref, String expected) {
        assertThat(read(ref)).isEqualTo(expected.replace("''", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stacks/dev@-x",
                "stacks/dev@--upload-pack=x",
                "stacks/dev@..",
                "stacks/dev@a..b",
                "stacks/dev@@{u}",
                "stacks/dev@{u}",
                "stacks/dev@HEAD",
                "stacks/dev@HEAD~2",
                "stacks/dev@refs/heads/main",
                "stacks/dev@",
                "stacks/../dev",
                "stacks/-dev",
                "o/r//../x",
                "o/r//a/../../x",
                "o/r//-x",
                "o/r//",
                "o/r//a//b",
                "../r//a",
                "-o/r//a",
                "o/r/x//a",
                "https://h.example/r.git//../x",
                "https://h.example/r.git//a@v1?ref=v2",
                "https://h.example/r.git//a?x=1",
                "https://h.example/r.git//a#x",
                "https://user:pw@h.example/r.git//a",
                "https://-h.example/r.git//a",
                "https:////a",
                "https://github.com/o/../x/y",
                "https://github.com/o/r/tree/main/../x",
                "https://github.com/o/r/tree/main/a@v1",
                "ext::sh -c x//a",
                "ext://x/y//a",
                "file:///etc//a",
                "FILE:///etc//a",
                "file://localhost/etc//a",
                "file:/etc//a",
                "FILE:/etc//a",
                "File:/etc/r.git@v1",
                "https://h.example",
                "https://user:pw@h.example",
                "https://h.example/r.git?ref=v1&x=1",
                "https://h.example/r.git?ref=v1#x",
                "git@h:r.git//..",
                "git@h:-r.git//a"
            })
    void what_nobody_could_go_to_is_refused_S1(String ref) {
        assertThatThrownBy(() -> read(ref))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID));
    }

    @Test
    void nothing_of_the_internet_is_assumed() {
        AddressReader bare = new AddressReader(RegistryOptions.in(Path.of("/cache")));
        assertThat(bare.read("stacks/dev")).isEmpty();
        assertThat(bare.read("stacks/dev@v1")).isEmpty();
        assertThatThrownBy(() -> bare.read("o/r//x")).hasMessageContaining("give the whole URL");
    }

    @Test
    void a_repository_on_this_host_is_named_only_below_a_folder_that_the_host_allows_S6() throws Exception {
        Path allowed = Files.createDirectories(folder.toRealPath().resolve("allowed"));
        Path repository = Files.createDirectories(allowed.resolve("r.git"));
        Path other = Files.createDirectories(folder.resolve("other.git"));
        Files.createSymbolicLink(allowed.resolve("out.git"), other);
        AddressReader reader = new AddressReader(OPTIONS.localBelow(allowed));
        assertThat(reader.read("file://" + repository + "//a")).isPresent();
        for (String refused : new String[] {
            "file://" + other,
            "file://user@h" + other,
            "file://" + allowed.resolve("out.git"),
            "file://" + allowed + "/../other.git",
            "file://" + allowed + "/%2e%2e/other.git",
            "file://" + folder.toRealPath().resolve("none.git"),
            "file://localhost" + repository
        }) {
            assertThatThrownBy(() -> reader.read(refused + "//a")).hasMessageContaining("on this host");
        }
    }

    @Test
    void no_other_way_to_write_a_path_names_a_repository_on_this_host_S6() throws Exception {
        Path repository = Files.createDirectories(folder.resolve("r.git"));
        AddressReader reader = new AddressReader(OPTIONS);
        for (String scheme : new String[] {"file:", "FILE:", "File:", "c:"}) {
            assertThatThrownBy(() -> reader.read(scheme + repository + "//a"))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("file:///path");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://me:canary@h.example/o/r//x/../y",
                "https://me:canary@github.com/o/r/tree/v1/a/../b",
                "https://me:canary@h.example/o/r.git//x",
                "https://me:canary@h.example",
                "https://me:canary/canary@h.example/r//a//b",
                "https://canary@h.example/r//-x",
                "https://h.example/r?token=canary",
                "https://h.example/r?ref=a&private_token=canary",
                "https://h.example/r?ref=a?token=canary",
                "https://h.example/r?ref=a#canary",
                "https://h.example/r#access_token=canary",
                "ssh://me:canary@h.example/r//a",
                "ext://me:canary@h.example/r//a",
                "me:canary@h.example:r.git//a",
                "me:canary@h.example:r.git//../a",
                "o/r//../a?token=canary",
                "file://me:canary@h/r//a"
            })
    void a_refusal_shows_the_address_without_its_credentials_S7(String ref) {
        assertThatThrownBy(() -> read(ref))
                .isInstanceOf(InvalidInputException.class)
                .satisfies(e -> assertThat(e.toString()).doesNotContain("canary"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://me:pw@h.example:80/o/r//x@v1 | https://h.example:80/o/r//x@v1",
                "https://me:p/w@h.example/r | https://h.example/r",
                "https://[::1]:80/r//a@v1 | https://[::1]:80/r//a@v1",
                "https://h.example/r//a?ref=v1 | https://h.example/r//a?…",
                "me:pw@h.example:r.git//a | h.example:r.git//a",
                "git@h.example:r.git//a@v1 | git@h.example:r.git//a@v1",
                "h.example:r.git@v1 | h.example:r.git@v1",
                "stacks/dev@v1 | stacks/dev@v1",
            })
    void what_is_shown_of_an_address_still_says_where_it_leads(String address, String shown) {
        assertThat(ShownAddress.of(address)).isEqualTo(shown);
    }

    @Test
    void a_cache_is_of_one_repository_and_one_pin_and_named_after_them() {
        AddressReader reader = new AddressReader(OPTIONS);
        String key = reader.read("stacks/dev@v1").orElseThrow().key();
        assertThat(key).isEqualTo("d063baab5aaf5909bc30f589");
        assertThat(reader.read("workspaces/x@v1").orElseThrow().key()).isEqualTo(key);
        assertThat(reader.read("stacks/dev").orElseThrow().key()).isNotEqualTo(key);
    }

    @Test
    void a_repository_that_is_gone_may_still_be_named_where_it_was_allowed_and_nowhere_else_S6() throws Exception {
        Path real = folder.toRealPath();
        Path allowed = Files.createDirectories(real.resolve("allowed"));
        Path repo = Files.createDirectories(allowed.resolve("a/r.git"));
        AddressReader reader =
                new AddressReader(RegistryOptions.in(Path.of("/cache")).localBelow(allowed));
        String ref = "file://" + repo + "//t";
        assertThat(reader.read(ref)).isPresent();
        Files.delete(repo);
        assertThat(reader.read(ref)).as("the repository is gone").isPresent();
        Files.delete(allowed.resolve("a"));
        assertThat(reader.read(ref)).as("and its folder").isPresent();
        Files.createSymbolicLink(allowed.resolve("a"), real.resolve("nowhere"));
        assertRefused(reader, ref, "a link to nothing that is there");
        Files.createDirectories(real.resolve("nowhere"));
        assertRefused(reader, ref, "a link that leads out");
        Files.delete(allowed.resolve("a"));
        Files.writeString(allowed.resolve("a"), "");
        assertRefused(reader, ref, "below a file");
        assertRefused(reader, "file://" + allowed + "/none/../../out/r.git//t", "leads out if it were there");
        assertRefused(reader, "file://" + real + "/gone/r.git//t", "nothing, elsewhere");
        Files.delete(allowed.resolve("a"));
        Files.delete(allowed);
        assertThat(reader.read(ref)).as("all that was allowed is gone").isPresent();
    }

    private static void assertRefused(AddressReader reader, String ref, String what) {
        assertThatThrownBy(() -> reader.read(ref))
                .as(what)
                .isInstanceOf(dev.angee.InvalidInputException.class)
                .hasMessageContaining("on this host");
    }
}
