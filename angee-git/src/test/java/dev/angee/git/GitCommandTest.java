package dev.angee.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.InvalidInputException;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.GitUrl;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitCommandTest {
    private static final GitUrl URL = GitUrl.of("https://example.org/app.git");
    private static final BranchName WORK = BranchName.of("workspace/x");
    private static final String A = "a".repeat(40);
    private static final String B = "b".repeat(40);
    private static final ObjectId ONE = ObjectId.fromString(A);
    private static final ObjectId OTHER = ObjectId.fromString(B);

    private static Map<String, GitCommand> all() {
        Map<String, GitCommand> all = new TreeMap<>();
        all.put("version", GitCommand.version());
        all.put("ls-remote --symref -- https://example.org/app.git HEAD refs/heads/*", GitCommand.lsRemote(URL));
        all.put(
                "ls-remote --symref -- https://example.org/app.git HEAD refs/heads/* refs/tags/*",
                GitCommand.lsRemoteWithTags(URL));
        String fetch = "fetch --progress --no-write-fetch-head --no-auto-maintenance --no-recurse-submodules"
                + " --no-show-forced-updates --update-shallow --prune";
        String what = " -- https://example.org/app.git +refs/heads/*:refs/there/*";
        all.put(fetch + what, GitCommand.fetch(URL, OptionalInt.empty(), false));
        all.put(fetch + " --depth=3" + what, GitCommand.fetch(URL, OptionalInt.of(3), false));
        all.put(fetch + " --unshallow" + what, GitCommand.fetch(URL, OptionalInt.empty(), true));
        String push = "push --porcelain --no-verify --no-recurse-submodules --no-signed";
        String where = " -- https://example.org/app.git " + A + ":refs/heads/workspace/x";
        all.put(push + where, GitCommand.push(URL, new CommitId(A), WORK, Optional.empty()));
        all.put(
                push + " --force-with-lease=refs/heads/workspace/x:" + B + where,
                GitCommand.push(URL, new CommitId(A), WORK, Optional.of(new CommitId(B))));
        all.put(
                push + " --force-with-lease=refs/heads/workspace/x:" + where,
                GitCommand.push(URL, new CommitId(A), WORK, Optional.of(new CommitId("0".repeat(40)))));
        all.put("merge-tree --write-tree -z --messages -- " + A + " " + B, GitCommand.mergeTree(ONE, OTHER));
        all.put(
                "rev-list --topo-order --reverse --no-merges --cherry-pick --right-only " + A + "..." + B + " --",
                GitCommand.missingFrom(ONE, OTHER));
        all.put("read-tree -m -u -v -- " + A, GitCommand.checkOutNew(ONE));
        all.put("read-tree -m -u -- " + A + " " + B, GitCommand.checkOut(ONE, OTHER));
        all.put("read-tree -- " + A, GitCommand.readTree(ONE));
        all.put("read-tree --reset -u -- " + A, GitCommand.discard(ONE));
        all.put("reset --merge --quiet " + A + " --", GitCommand.resetMerge(ONE));
        all.put("update-index -q --refresh", GitCommand.refresh());
        all.put("update-index -z --index-info", GitCommand.indexInfo());
        all.put(
                "status --porcelain=v2 -z --untracked-files=all --ignore-submodules=all --no-renames --no-ahead-behind",
                GitCommand.status());
        return all;
    }

    @Test
    void every_command_is_word_for_word_what_it_is_meant_to_be() {
        all().forEach((line, command) -> assertThat(command.arguments()).containsExactly(line.split(" ", -1)));
    }

    @Test
    void no_command_is_missing_from_this_test() {
        List<String> factories = Arrays.stream(GitCommand.class.getDeclaredMethods())
                .filter(method -> Modifier.isStatic(method.getModifiers()) && !method.isSynthetic())
                .filter(method -> method.getReturnType() == GitCommand.class)
                .map(Method::getName)
                .toList();
        assertThat(factories)
                .containsExactlyInAnyOrder(
                        "version",
                        "lsRemote",
                        "lsRemoteWithTags",
                        "fetch",
                        "push",
                        "mergeTree",
                        "missingFrom",
                        "checkOutNew",
                        "checkOut",
                        "readTree",
                        "discard",
                        "resetMerge",
                        "refresh",
                        "indexInfo",
                        "status");
    }

    @Test
    void what_a_caller_chose_stands_behind_two_dashes_or_is_made_of_hex_digits() {
        all().forEach((line, command) -> {
            int dashes = command.arguments().indexOf("--");
            for (int i = 0; i < command.arguments().size(); i++) {
                String word = command.arguments().get(i);
                boolean lease = word.startsWith("--force-with-lease=");
                if (word.contains("example.org") || (word.contains(":refs/heads/") && !lease)) {
                    assertThat(i).as(line).isGreaterThan(dashes).isNotEqualTo(-1);
                }
                if (i > dashes && dashes >= 0) {
                    assertThat(word).as(line).doesNotStartWith("-");
                }
            }
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--upload-pack=touch x",
                "-x",
                "ext::sh -c id",
                "ssh://-oProxyCommand=id/x",
                "-oProxyCommand=id:x",
                "https://user:secret@example.org/x",
                "fd::3",
                "a\nb",
                "host:-x",
                "https://-x/y",
                "relative/path"
            })
    void a_url_that_could_be_an_option_or_run_something_is_none(String url) {
        assertThatThrownBy(() -> GitUrl.of(url)).isInstanceOf(InvalidInputException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--exec=id", "-x", "a..b", "a@{1}", "a b", "a\nb", "a:b", "+a", "refs/heads/x", "HEAD", "a~1"})
    void a_branch_that_could_be_an_option_or_an_expression_is_none_or_harmless(String name) {
        if (name.equals("+a")) {
            assertThat(GitCommand.push(URL, new CommitId(A), BranchName.of(name), Optional.empty())
                            .arguments())
                    .endsWith("--", URL.value(), A + ":refs/heads/+a");
        } else {
            assertThatThrownBy(() -> BranchName.of(name)).isInstanceOf(InvalidInputException.class);
        }
    }
}
