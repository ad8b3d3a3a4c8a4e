package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.Launch;
import dev.angee.plan.Workload;
import dev.angee.process.Users.Credentials;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom a workload runs as; {@code UserIT} shows that it does. */
class UsersTest {
    private static final Credentials ROOT = new Credentials(0, 0, -1L);
    private static final Credentials ADA = new Credentials(1000, 1000, 0);
    private static final Optional<Path> SETPRIV = Optional.of(Path.of("/usr/bin/setpriv"));

    @TempDir
    Path etc;

    @BeforeEach
    void makeAccounts() throws Exception {
        Files.writeString(etc.resolve("passwd"), """
                root:x:0:0:root:/root:/bin/bash
                # +::::::
                +nis::::::
                short:x:7
                broken:x:seven:7::/:/bin/sh
                ada:x:1000:1000:Ada:/home/ada:/bin/zsh
                77:x:1001:1002::/home/77:
                """);
        Files.writeString(etc.resolve("group"), "root:x:0:\nstaff:x:50:ada\n88:x:89:\n");
    }

    private static Workload workload(String user) {
        return Workload.service("db", new Launch.HostProcess())
                .command(List.of("x"))
                .user(user)
                .build();
    }

    private RunAs of(Credentials ours, String user) {
        return new Users(new Accounts(etc), ours, SETPRIV).of(workload(user)).orElseThrow();
    }

    private void assertPrefix(String user, String uid, String gid, String groups) {
        assertThat(of(ROOT, user).prefix())
                .as(user)
                .containsExactly("/usr/bin/setpriv", "--reuid=" + uid, "--regid=" + gid, "--" + groups, "--");
    }

    private void assertRefused(Users users, String user, ErrorCode code, String... parts) {
        assertThatThrownBy(() -> users.of(workload(user)))
                .as(user)
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining("service 'db'")
                .hasMessageContainingAll(parts);
    }

    @Test
    void a_user_has_all_its_groups_and_with_a_group_only_that_one() {
        assertPrefix("ada", "1000", "1000", "init-groups");
        assertPrefix("1000", "1000", "1000", "init-groups");
        assertPrefix("ada:staff", "1000", "50", "clear-groups");
        assertPrefix("ada:51", "1000", "51", "clear-groups");
        assertPrefix("1000:1000", "1000", "1000", "clear-groups");
        assertPrefix("4000:4000", "4000", "4000", "clear-groups");
        assertPrefix("4000:staff", "4000", "50", "clear-groups");
    }

    @Test
    void a_name_made_of_digits_is_a_name_first() {
        assertPrefix("77", "1001", "1002", "init-groups");
        assertPrefix("77:88", "1001", "89", "clear-groups");
    }

    @Test
    void it_is_at_home_where_the_user_is() {
        assertThat(of(ROOT, "ada").variables())
                .containsOnly(
                        Map.entry("HOME", "/home/ada"),
                        Map.entry("SHELL", "/bin/zsh"),
                        Map.entry("USER", "ada"),
                        Map.entry("LOGNAME", "ada"));
        assertThat(of(ROOT, "77").variables()).containsEntry("SHELL", "/bin/sh");
        assertThat(of(ROOT, "4000:4000").variables())
                .containsEntry("HOME", "/")
                .containsEntry("USER", "4000")
                .containsEntry("LOGNAME", "4000");
    }

    @Test
    void the_user_of_this_jvm_needs_no_permission_and_no_program() {
        for (String same : List.of("ada", "1000", "1000:1000")) {
            Users users = new Users(new Accounts(etc), ADA, Optional.empty());
            assertThat(users.of(workload(same)).orElseThrow().prefix()).as(same).isEmpty();
        }
        assertThat(of(ROOT, "root").prefix()).isEmpty();
        assertThat(new Users(new Accounts(etc), ADA, Optional.empty())
                        .of(Workload.service("db", new Launch.HostProcess()).build()))
                .isEmpty();
    }

    @Test
    void who_is_unknown_is_refused_with_what_to_write_instead() {
        Users users = new Users(new Accounts(etc), ROOT, SETPRIV);
        for (String unknown :
                List.of("nope", "broken", "short", "+nis", "", ":staff", "-1", "4294967295", "99999999999")) {
            String who = unknown.startsWith(":") ? "" : unknown;
            assertRefused(users, unknown, ErrorCode.INVALID, "user", "no user '" + who + "'");
        }
        for (String unknown : List.of("ada:nope", "ada:", "ada:staff:x", "ada:4294967295")) {
            assertRefused(users, unknown, ErrorCode.INVALID, "no group '" + unknown.substring(4) + "'");
        }
        assertRefused(users, "4000", ErrorCode.INVALID, "write '4000:GROUP'");
    }

    @Test
    void only_who_could_also_find_and_end_it_may_start_it() {
        Users plain = new Users(new Accounts(etc), ADA, SETPRIV);
        assertRefused(plain, "root", ErrorCode.UNSUPPORTED, "'root'", "the user 1000", "as root");
        assertRefused(plain, "ada:staff", ErrorCode.UNSUPPORTED, "the user 1000");
        Credentials confined = new Credentials(0, 0, ~(1L << 19));
        Users users = new Users(new Accounts(etc), confined, SETPRIV);
        assertRefused(users, "ada", ErrorCode.UNSUPPORTED, "lacks the capabilities SYS_PTRACE;", "--cap-add");
        assertThat(new Credentials(0, 0, 0).missing()).containsExactly("KILL", "SETGID", "SETUID", "SYS_PTRACE");
    }

    @Test
    void without_setpriv_it_is_said_what_to_install() {
        Users users = new Users(new Accounts(etc), ROOT, Optional.empty());
        assertRefused(users, "ada", ErrorCode.UNAVAILABLE, "'setpriv'", "install util-linux");
    }

    @Test
    void who_a_process_is_is_read_as_the_kernel_writes_it() {
        List<String> status = List.of(
                "Name:\tjava", "Uid:\t1\t2\t3\t4", "Gid:\t5\t6\t7\t8", "CapPrm:\t0", "CapEff:\tffffffffffffffff");
        assertThat(Credentials.parse(status)).isEqualTo(new Credentials(2, 6, -1L));
    }
}
