package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.plan.Workload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The rule for {@code user}: {@code name}, {@code number}, or either with {@code :group}, as Docker reads it. Only who may
 * change users, and may see and signal the processes of others afterwards, can start a process as somebody else: so none
 * is started that could not be found and ended again.
 */
final class Users {
    private static final String STANDARD_SHELL = "/bin/sh";

    private final Accounts accounts;
    private final Credentials ours;
    private final Optional<Path> setpriv;

    /**
     * With what decides.
     *
     * @param accounts whom this machine knows
     * @param ours who this JVM is
     * @param setpriv the program that changes users, if it is there
     */
    Users(Accounts accounts, Credentials ours, Optional<Path> setpriv) {
        this.accounts = accounts;
        this.ours = ours;
        this.setpriv = setpriv;
    }

    /** Whom a workload runs as: a known user or only numbers; with all the user's groups, or with exactly one. */
    private record Target(Optional<Accounts.Account> account, long uid, long gid, boolean allGroups) {}

    /**
     * How a workload is run as its user; nothing if it names none.
     *
     * @throws AngeeException naming the workload: {@code INVALID} if there is no such user or group, {@code UNSUPPORTED} if
     *     this JVM may not start a process as somebody else, {@code UNAVAILABLE} if the program for it is missing
     */
    Optional<RunAs> of(Workload workload) {
        if (workload.user().isEmpty()) {
            return Optional.empty();
        }
        String user = workload.user().get();
        Target target = target(workload, user);
        if (target.uid() == ours.uid() && target.gid() == ours.gid()) {
            return Optional.of(new RunAs(List.of(), variables(target)));
        }
        requirePermission(workload, user);
        Path program = setpriv.orElseThrow(() -> new AngeeException(
                ErrorCode.UNAVAILABLE,
                describe(workload) + " cannot be run as '" + user
                        + "': there is no program 'setpriv' on the PATH; install util-linux, or remove 'user'"));
        return Optional.of(new RunAs(prefix(program, target), variables(target)));
    }

    private void requirePermission(Workload workload, String user) {
        List<String> missing = ours.missing();
        if (missing.isEmpty()) {
            return;
        }
        String why = ours.uid() == 0
                ? "this JVM's root lacks the capabilities " + String.join(", ", missing)
                        + "; give it those (in a container: --cap-add), or remove 'user'"
                : "only root can start a process as somebody else, and this JVM is the user " + ours.uid()
                        + "; start the JVM as root, or as that user, or remove 'user'";
        throw new AngeeException(
                ErrorCode.UNSUPPORTED, describe(workload) + " cannot be run as '" + user + "': " + why);
    }

    private Target target(Workload workload, String user) {
        int colon = user.indexOf(':');
        String who = colon < 0 ? user : user.substring(0, colon);
        Optional<Accounts.Account> account = accounts.user(who);
        OptionalLong uid = account.isPresent() ? OptionalLong.of(account.get().uid()) : Accounts.id(who);
        if (uid.isEmpty()) {
            throw refused(workload, "there is no user '" + who + "' on this machine; create it, or name another");
        }
        if (colon >= 0) {
            String group = user.substring(colon + 1);
            long gid = accounts.group(group)
                    .orElseThrow(() -> refused(
                            workload, "there is no group '" + group + "' on this machine; create it, or name another"));
            return new Target(account, uid.getAsLong(), gid, false);
        }
        long gid = account.map(Accounts.Account::gid)
                .orElseThrow(() -> refused(
                        workload,
                        "no user of this machine has the number " + who + ", so its group is not known; write '" + who
                                + ":GROUP'"));
        return new Target(account, uid.getAsLong(), gid, true);
    }

    private static List<String> prefix(Path program, Target target) {
        return List.of(
                program.toString(),
                "--reuid=" + target.uid(),
                "--regid=" + target.gid(),
                target.allGroups() ? "--init-groups" : "--clear-groups",
                "--");
    }

    /** A user of whom only the number is known is at home nowhere. */
    private static Map<String, String> variables(Target target) {
        Map<String, String> variables = new TreeMap<>();
        variables.put("HOME", target.account().map(Accounts.Account::home).orElse("/"));
        String shell = target.account().map(Accounts.Account::shell).orElse("");
        variables.put("SHELL", shell.isEmpty() ? STANDARD_SHELL : shell);
        String name = target.account().map(Accounts.Account::name).orElse(Long.toString(target.uid()));
        variables.put("USER", name);
        variables.put("LOGNAME", name);
        return variables;
    }

    private static InvalidInputException refused(Workload workload, String why) {
        return new InvalidInputException(describe(workload) + " user", why);
    }

    private static String describe(Workload workload) {
        return (workload.isJob() ? "job '" : "service '") + workload.name() + "'";
    }

    /**
     * Who a process is.
     *
     * @param uid its effective user
     * @param gid its effective group
     * @param capabilities what it may do, one bit each
     */
    record Credentials(long uid, long gid, long capabilities) {
        private static final Map<Integer, String> NEEDED =
                new TreeMap<>(Map.of(5, "KILL", 6, "SETGID", 7, "SETUID", 19, "SYS_PTRACE"));

        /** From the lines of {@code /proc/PID/status}. */
        static Credentials parse(List<String> status) {
            return new Credentials(
                    Long.parseLong(field(status, "Uid:", 2)),
                    Long.parseLong(field(status, "Gid:", 2)),
                    Long.parseUnsignedLong(field(status, "CapEff:", 1), 16));
        }

        private static String field(List<String> status, String name, int index) {
            return status.stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.split("\\s+", -1)[index])
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no line " + name));
        }

        /** What it may not do of what it takes to start a process as somebody else, find it and end it. */
        List<String> missing() {
            List<String> missing = new ArrayList<>();
            NEEDED.forEach((bit, name) -> {
                if ((capabilities >>> bit & 1) == 0) {
                    missing.add(name);
                }
            });
            return missing;
        }
    }
}
