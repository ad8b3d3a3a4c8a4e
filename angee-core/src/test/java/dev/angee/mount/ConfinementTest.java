package dev.angee.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfinementTest {
    @TempDir
    Path folder;

    private Path base;

    @BeforeEach
    void make() throws IOException {
        base = Files.createDirectory(folder.resolve("base"));
        Files.createDirectory(base.resolve("inside"));
    }

    @Test
    void a_path_below_may_exist_or_not_and_keeps_its_spelling() throws IOException {
        Files.createSymbolicLink(base.resolve("in"), Path.of("inside"));
        for (String subpath : List.of("", "inside", "in", "in/not/yet", "not/yet", "a b", "a:b", "inside/../x")) {
            assertThat(Confinement.below(base, subpath))
                    .isEqualTo(base.resolve(subpath).normalize());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "../base2", "inside/../..", "/etc", "/", "a/../../x"})
    void a_path_that_is_spelled_out_of_its_base_is_refused_R37(String subpath) {
        assertLeads(() -> Confinement.below(base, subpath), "leads out of");
    }

    @Test
    void an_absolute_path_is_refused_even_below_the_base() {
        assertLeads(() -> Confinement.below(base, base.resolve("inside").toString()), "leads out of");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "../outside", "../not/yet", "/", "/etc", "inside/../../outside", "/not/there"})
    void a_link_that_leads_out_is_refused_whether_its_target_is_there_or_not_R37(String target) throws IOException {
        Files.createDirectory(folder.resolve("outside"));
        Files.createSymbolicLink(base.resolve("out"), Path.of(target));
        for (String subpath : List.of("out", "out/x", "out/not/yet")) {
            assertLeads(() -> Confinement.below(base, subpath), "leads out of");
        }
    }

    @Test
    void an_entry_may_be_a_link_to_anywhere_and_the_way_to_it_may_not() throws IOException {
        Files.createSymbolicLink(base.resolve("out"), Path.of("../outside"));
        Files.createSymbolicLink(base.resolve("inside/out"), Path.of("/"));
        for (String subpath : List.of("", "out", "inside/out", "./inside//out", "x/../out", "not/yet")) {
            assertThat(Confinement.entry(base, subpath))
                    .isEqualTo(base.resolve(subpath).normalize());
        }
        for (String subpath : List.of("..", "../base", "out/x", "inside/out/x", "/etc", "/", "a/../../x", "../x/..")) {
            assertLeads(() -> Confinement.entry(base, subpath), "leads out of");
        }
    }

    @Test
    void a_dangling_link_inside_that_leads_outside_through_another_is_refused_R37() throws IOException {
        Files.createSymbolicLink(base.resolve("hop"), Path.of("inside/gone/../../out/deep"));
        Files.createSymbolicLink(base.resolve("out"), Path.of("../outside"));
        assertLeads(() -> Confinement.below(base, "hop"), "leads out of");
    }

    @Test
    void a_link_whose_missing_target_stays_inside_is_allowed() throws IOException {
        Files.createSymbolicLink(base.resolve("soon"), Path.of("inside/soon"));
        Files.createSymbolicLink(base.resolve("round"), Path.of("../base/inside"));
        assertThat(Confinement.below(base, "soon/x")).isEqualTo(base.resolve("soon/x"));
        assertThat(Confinement.below(base, "round")).isEqualTo(base.resolve("round"));
    }

    @Test
    void links_that_go_round_in_a_circle_are_refused_R37() throws IOException {
        Files.createSymbolicLink(base.resolve("a"), Path.of("b"));
        Files.createSymbolicLink(base.resolve("b"), Path.of("a"));
        Files.createSymbolicLink(base.resolve("self"), Path.of("self/x"));
        for (String subpath : List.of("a", "b/c", "self")) {
            assertLeads(() -> Confinement.below(base, subpath), "in a circle");
        }
    }

    @Test
    void a_base_that_is_a_link_or_lies_behind_one_is_as_good_as_any() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), base);
        Files.createSymbolicLink(base.resolve("out"), Path.of("../outside"));
        Files.createSymbolicLink(base.resolve("in"), base.resolve("inside"));
        assertThat(Confinement.below(link, "inside")).isEqualTo(link.resolve("inside"));
        assertThat(Confinement.below(link, "in")).isEqualTo(link.resolve("in"));
        assertThat(Confinement.below(link.resolve("inside"), "x")).isEqualTo(link.resolve("inside/x"));
        assertLeads(() -> Confinement.below(link, "out"), "leads out of");
        assertLeads(() -> Confinement.below(link, "../base/inside"), "leads out of");
    }

    @Test
    void below_a_file_there_is_nothing_and_so_nothing_to_refuse() throws IOException {
        Files.writeString(base.resolve("file"), "x");
        assertThat(Confinement.below(base, "file/x/y")).isEqualTo(base.resolve("file/x/y"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "..", "../run", "a/b", "/etc", "a\\b", ".git", "x.lock", "a..b", "a\nb", " a", "é"})
    void what_is_no_name_becomes_no_folder_S5(String name) {
        assertThatThrownBy(() -> Confinement.child(base, "workspace", name))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID))
                .hasMessageStartingWith("workspace: ");
    }

    @Test
    void a_name_becomes_the_folder_right_below_its_base_and_no_link_out_S5() throws IOException {
        Files.createSymbolicLink(base.resolve("out"), folder);
        assertThat(Confinement.child(base, "workspace", "feat-1.x_y")).isEqualTo(base.resolve("feat-1.x_y"));
        assertLeads(() -> Confinement.child(base, "workspace", "out"), "leads out of");
    }

    @Test
    void a_link_is_found_where_others_may_write_and_nowhere_else_R37() throws IOException {
        Path work = Files.createDirectories(folder.resolve("workspaces/w"));
        Files.createSymbolicLink(work.resolve("link"), base);
        Files.createSymbolicLink(folder.resolve("own"), work);
        Files.createSymbolicLink(folder.resolve("far"), Path.of("workspaces/w/link/inside"));
        List<Path> writable = List.of(work);

        assertThat(Confinement.linkWithin(work.resolve("link"), writable)).isPresent();
        assertThat(Confinement.linkWithin(work.resolve("link/inside/x"), writable))
                .contains(work.toRealPath().resolve("link"));
        assertThat(Confinement.linkWithin(folder.resolve("own/link"), writable)).isPresent();
        assertThat(Confinement.linkWithin(folder.resolve("far"), writable)).isPresent();
        assertThat(Confinement.linkWithin(work.resolve("link"), List.of(folder.resolve("own"))))
                .isPresent();

        assertThat(Confinement.linkWithin(folder.resolve("own"), writable)).isEmpty();
        assertThat(Confinement.linkWithin(folder.resolve("own/not/yet"), writable))
                .isEmpty();
        assertThat(Confinement.linkWithin(work.resolve("plain"), writable)).isEmpty();
        assertThat(Confinement.linkWithin(work.resolve("link"), List.of(base))).isEmpty();
    }

    private static void assertLeads(ThrowingCallable call, String reason) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID))
                .hasMessageContaining(reason);
    }
}
