package dev.angee.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.RemoteProbe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the program prints, and what is made of it. */
class GitParsingTest {
    private static final String A = "a".repeat(40);
    private static final String B = "b".repeat(40);

    @Test
    void branches_of_a_remote_are_those_that_can_be_named_and_head_is_one_of_them() {
        String printed = "ref: refs/heads/main\tHEAD\n" + A + "\tHEAD\n" + A + "\trefs/heads/main\n" + B
                + "\trefs/heads/--exec=x\n" + B + "\trefs/heads/a/b\n" + B + "\trefs/remotes/x/HEAD\n";
        assertThat(GitListing.parse(printed).reached())
                .isEqualTo(new RemoteProbe.Reached(
                        Optional.of(BranchName.of("main")),
                        Map.of(
                                BranchName.of("main"), new CommitId(A),
                                BranchName.of("a/b"), new CommitId(B))));
        assertThat(GitListing.parse("ref: refs/heads/gone\tHEAD\n" + A + "\trefs/heads/main\n")
                        .head())
                .isEmpty();
        assertThat(GitListing.parse("").reached()).isEqualTo(new RemoteProbe.Reached(Optional.empty(), Map.of()));
    }

    @Test
    void tags_of_a_remote_are_what_they_are_about() {
        GitListing listing = GitListing.parse(A + "\trefs/tags/v1\n" + B + "\trefs/tags/v1^{}\n" + A
                + "\trefs/tags/light\n" + A + "\trefs/heads/x/refs/tags/y\n" + B + "\trefs/x/refs/tags/z\n");
        assertThat(listing.tags())
                .isEqualTo(Map.of(
                        "refs/tags/v1", ObjectId.fromString(B),
                        "refs/tags/light", ObjectId.fromString(A)));
        assertThat(listing.branches()).containsOnlyKeys("x/refs/tags/y");
    }

    @Test
    void a_remote_with_longer_ids_is_not_supported() {
        assertThatThrownBy(() -> GitListing.parse("c".repeat(64) + "\tHEAD\n"))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED));
    }

    @Test
    void a_status_tells_staged_from_unstaged_and_keeps_odd_names() {
        String id = A + " " + B;
        String printed = "1 M. N... 100644 100644 100644 " + id + " staged.txt\0"
                + "1 .M N... 100644 100644 100644 " + id + " with space\n and line.txt\0"
                + "1 MD N... 100644 100644 000000 " + id + " both.txt\0"
                + "u UU N... 100644 100644 100644 100644 " + id + " " + A + " conflict.txt\0"
                + "? " + new String("ü.txt".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1) + "\0";
        assertThat(GitStatus.parse(printed))
                .contains(new UncommittedChanges(
                        List.of("both.txt", "conflict.txt", "with space\n and line.txt", "ü.txt"),
                        List.of("both.txt", "conflict.txt", "staged.txt", "with space\n and line.txt", "ü.txt")));
        assertThat(GitStatus.parse("")).contains(new UncommittedChanges(List.of(), List.of()));
        assertThat(GitStatus.parse("? nested/\0")).as("a repository inside").isEmpty();
    }

    @Test
    void a_merge_tells_its_tree_its_conflicts_and_why() throws Exception {
        GitMerge clean = GitMerge.parse(A + "\0", true);
        assertThat(clean.isClean()).isTrue();
        assertThat(clean.tree().name()).isEqualTo(A);
        String odd = new String("ü\n.txt".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        GitMerge conflict = GitMerge.parse(
                A + "\0" + "100644 " + A + " 1\t" + odd + "\0" + "100644 " + B + " 2\t" + odd + "\0\0" + "1\0" + odd
                        + "\0Auto-merging\0Auto-merging x\n\0" + "2\0a\0b\0CONFLICT (x)\0CONFLICT (x): why\n\0",
                false);
        assertThat(conflict.files()).containsExactly("ü\n.txt");
        assertThat(conflict.messages()).containsExactly("Auto-merging x", "CONFLICT (x): why");
        assertThat(conflict.conflicted().toString())
                .contains("CONFLICT (x): why")
                .doesNotContain("Auto-merging");
        assertThat(new String(conflict.indexInfo(), StandardCharsets.UTF_8))
                .isEqualTo("0 " + "0".repeat(40) + "\tü\n.txt\0" + "100644 " + A + " 1\tü\n.txt\0" + "100644 " + B
                        + " 2\tü\n.txt\0");
        assertThatThrownBy(() -> GitMerge.parse("fatal: no\0", true)).isInstanceOf(IOException.class);
    }

    @Test
    void a_conflict_that_no_file_is_in_is_one_all_the_same() throws Exception {
        GitMerge conflict = GitMerge.parse(
                A + "\0\0" + "1\0x/new\0CONFLICT (directory rename split)\0CONFLICT (directory rename split): why\n\0",
                false);
        assertThat(conflict.isClean()).isFalse();
        assertThat(conflict.files()).containsExactly("x/new");
    }

    @Test
    void a_remote_tells_its_branch_also_if_its_head_names_none_and_ids_of_another_kind_are_seen_anywhere() {
        assertThat(GitListing.parse(A + "\tHEAD\n" + A + "\trefs/heads/b\n" + A + "\trefs/heads/main\n")
                        .head())
                .contains("main");
        assertThat(GitListing.parse(A + "\tHEAD\n" + B + "\trefs/heads/main\n").head())
                .isEmpty();
        assertThatThrownBy(
                        () -> GitListing.parse("ref: refs/heads/main\tHEAD\n" + "a".repeat(64) + "\trefs/heads/main\n"))
                .hasMessageContaining("SHA-256");
    }

    @Test
    void complaints_are_kept_without_progress_and_users_in_urls_and_progress_is_told() {
        GitComplaints complaints = new GitComplaints();
        byte[] text = """
                Receiving objects:  45% (45/100), 1.2 MiB | 3 MiB/s\rReceiving objects: 100% (100/100), done.
                remote: Counting objects: 12, done.
                remote: no
                fatal: unable to access 'https://ann:s3cret@example.org/x'
                """.getBytes(StandardCharsets.UTF_8);
        complaints.add(text, text.length);
        List<String> told = new ArrayList<>();
        complaints.tell((task, percent) -> told.add(task + " " + percent));
        complaints.tell((task, percent) -> told.add("again"));
        assertThat(told).containsExactly("Counting objects -1");
        assertThat(complaints.text()).isEqualTo("remote: no\nfatal: unable to access 'https://***@example.org/x'");
    }

    @Test
    void only_the_end_of_many_complaints_is_kept() {
        GitComplaints complaints = new GitComplaints();
        byte[] line = ("x".repeat(10_000) + "\n").getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 5_000; i++) {
            complaints.add(line, line.length);
        }
        assertThat(complaints.text()).hasSizeLessThan(500_000).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CREDENTIALS | fatal: Authentication failed for 'https://example.org/x/'",
                "CREDENTIALS | fatal: could not read Username for 'https://example.org': terminal prompts disabled",
                "CREDENTIALS | git@example.org: Permission denied (publickey).",
                "ACCESS | fatal: unable to access 'https://e/x/': The requested URL returned error: 403",
                "ACCESS | fatal: repository 'https://example.org/x/' not found",
                "ACCESS | ERROR: Repository not found.",
                "ACCESS | fatal: '/x' does not appear to be a git repository",
                "NETWORK | fatal: unable to access 'https://e/': Could not resolve host: e",
                "NETWORK | ssh: connect to host e port 22: Connection refused",
                "NETWORK | Host key verification failed.",
                "NETWORK | fatal: unable to access 'https://e/': The requested URL returned error: 503",
                "NETWORK | what answers there is not git",
                "NETWORK | something new"
            })
    void a_refusal_is_told_from_what_git_says(GitRefusal expected, String said) {
        assertThat(GitRefusal.of(said)).isEqualTo(expected);
    }

    @Test
    void what_a_shell_is_given_is_quoted() {
        assertThat(GitAccess.command(Path.of("/opt/it's/ssh"), List.of("A=b c", "D=$(id)")))
                .isEqualTo("'/opt/it'\\''s/ssh' '-F' '/dev/null' '-o' 'A=b c' '-o' 'D=$(id)'");
    }

    @Test
    void a_value_in_a_configuration_is_quoted() {
        assertThat(GitSettings.quoted("a\"b\\c\nd")).isEqualTo("\"a\\\"b\\\\c\\nd\"");
    }
}
