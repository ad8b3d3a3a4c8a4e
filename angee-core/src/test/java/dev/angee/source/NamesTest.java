package dev.angee.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes from outside and ends up in a git command or a file name is checked before it does. */
class NamesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.org/a/b.git",
                "http://127.0.0.1:8080/x",
                "ssh://git@example.org:22/x",
                "git://example.org/x",
                "file:///srv/x.git",
                "git@example.org:a/b.git",
                "example.org:b",
                "/srv/with space/x.git"
            })
    void the_usual_forms_of_a_repository_url_are_taken(String url) {
        assertThat(GitUrl.of(url)).hasToString(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ext::sh -c touch% /tmp/x",
                "--upload-pack=touch /tmp/x",
                "-oProxyCommand=x@host:path",
                "-host:path",
                "ssh://-oProxyCommand=x/y",
                "ssh://-u@host/y",
                "https://ada:secret@example.org/x",
                "https://token@example.org/x",
                "fd::17/x",
                "ftp://example.org/x",
                "host::path",
                "relative/path",
                "",
                "https://example.org/\nx",
                "host:-x",
                "file:/srv/x.git",
                "FILE:/srv/x.git",
                "file:srv/x.git",
                "c:/srv/x.git",
                "ada:secret@example.org:x",
                "example.org:dir@other:x"
            })
    void a_url_that_runs_something_hides_something_or_is_an_option_is_refused_S1(String url) {
        assertThatThrownBy(() -> GitUrl.of(url)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void a_refusal_of_a_url_shows_no_credentials_S7() {
        for (String url : new String[] {"ftp//ada:canary@h/x?token=canary", "x?token=canary", "ada:canary@h:x"}) {
            assertThatThrownBy(() -> GitUrl.of(url))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageNotContaining("canary");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"main", "workspace/feat-x", "release/2026-05", "ü", "a.b", "a@b"})
    void the_usual_branch_names_are_taken(String name) {
        assertThat(BranchName.of(name).fullName()).isEqualTo("refs/heads/" + name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "-x", "--exec=touch x", "a..b", "a//b", "/a", "a/", ".a", "a/.b", "a.lock", "a.lock/b", "a b",
                        "a~1",
                "a^", "a:b", "a?b", "a*", "a[b", "a\\b", "@", "a@{1}", "HEAD", "refs/heads/a", "a.", "a\u007f", "a\tb"
            })
    void a_branch_name_that_git_refuses_or_reads_otherwise_is_refused_S1(String name) {
        assertThatThrownBy(() -> BranchName.of(name)).isInstanceOf(InvalidInputException.class);
    }
}
