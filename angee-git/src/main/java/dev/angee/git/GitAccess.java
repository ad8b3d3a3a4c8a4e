package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.source.Credentials;
import dev.angee.source.GitUrl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a git program is let in by a remote, for one run. A password goes to git in its environment, and from there through
 * a line of shell, which git asks for credentials, only for the very host of the URL. A key goes to ssh as a file in a
 * private folder, in memory where there is a place for that. No other program, agent, file or person is asked for anything.
 */
final class GitAccess {
    private static final Pattern URL =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://(?:[^/@]*@)?([^/]*)(/.*)?", Pattern.DOTALL);
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9._-]+(?::\\d{1,5})?|\\[[0-9A-Fa-f:.]+](?::\\d{1,5})?");
    private static final String USER = "ANGEE_GIT_USER";
    private static final String PASSWORD = "ANGEE_GIT_PASSWORD";
    private static final String ANSWER = "!f() { test \"$1\" = get && printf 'username=%s\\npassword=%s\\n' \"$" + USER
            + "\" \"$" + PASSWORD + "\"; }; f";
    private static final long LARGEST_HOSTS_FILE = 16L * 1024 * 1024;
    private static final List<String> SSH_ALWAYS = List.of(
            "BatchMode=yes",
            "StrictHostKeyChecking=yes",
            "GlobalKnownHostsFile=/dev/null",
            "UpdateHostKeys=no",
            "VerifyHostKeyDNS=no",
            "ProxyCommand=none",
            "ProxyJump=none",
            "PermitLocalCommand=no",
            "ForwardAgent=no",
            "ForwardX11=no",
            "ClearAllForwardings=yes",
            "ControlMaster=no",
            "ControlPath=none",
            "PasswordAuthentication=no",
            "KbdInteractiveAuthentication=no",
            "HostbasedAuthentication=no",
            "GSSAPIAuthentication=no",
            "ConnectTimeout=30",
            "ServerAliveInterval=15",
            "ServerAliveCountMax=4");

    private final GitStage stage;
    private final GitUrl url;
    private final String scheme;

    private GitAccess(GitStage stage, GitUrl url) {
        this.stage = stage;
        this.url = url;
        this.scheme = scheme(url);
    }

    /** How a remote is reached: a URL's scheme; {@code ssh} for the scp-like form, {@code file} for a path. */
    static String scheme(GitUrl url) {
        Matcher matcher = URL.matcher(url.value());
        if (matcher.matches()) {
            return matcher.group(1).toLowerCase(Locale.ROOT);
        }
        return url.value().startsWith("/") ? "file" : "ssh";
    }

    /** Lets the stage reach this remote, and none of another kind. */
    static void grant(GitStage stage, GitUrl url, Credentials credentials) throws IOException {
        new GitAccess(stage, url).grant(credentials);
    }

    private void grant(Credentials credentials) throws IOException {
        boolean web = scheme.equals("https") || scheme.equals("http");
        allow(scheme.equals("http") ? List.of("http", "https") : List.of(scheme));
        if (scheme.equals("file")) {
            return; // Nobody asks for credentials there.
        }
        if (credentials instanceof Credentials.Password password && web) {
            show(password);
        } else if (scheme.equals("ssh") && !(credentials instanceof Credentials.Password)) {
            connect(credentials);
        } else if (!(credentials instanceof Credentials.None)) {
            throw new InvalidInputException(
                    "credentials",
                    "these are not for '" + url + "': a password or token is for https, a key or an agent for ssh");
        }
    }

    private void allow(List<String> schemes) throws IOException {
        stage.with("GIT_ALLOW_PROTOCOL", String.join(":", schemes));
        for (String allowed : schemes) {
            stage.configure("[protocol \"" + allowed + "\"]\n\tallow = always\n");
        }
    }

    private void show(Credentials.Password password) throws IOException {
        Matcher matcher = URL.matcher(url.value());
        if (!matcher.matches() || !HOST.matcher(matcher.group(2)).matches()) {
            throw new InvalidInputException("repo", "'" + url + "' has no host that credentials could be for");
        }
        stage.configure("[credential \"" + scheme + "://" + matcher.group(2) + "\"]\n\thelper = "
                + GitSettings.quoted(ANSWER) + "\n");
        stage.with(USER, password.user()).with(PASSWORD, password.password().reveal());
    }

    private void connect(Credentials credentials) throws IOException {
        List<String> options = new ArrayList<>(SSH_ALWAYS);
        if (credentials instanceof Credentials.SshKey key) {
            options.add("UserKnownHostsFile=" + trustedHosts(key.knownHosts()));
            String text = key.key().reveal();
            Path file = stage.writeSecret("key", text.endsWith("\n") ? text : text + "\n");
            options.addAll(List.of("IdentityAgent=none", "IdentitiesOnly=yes", "IdentityFile=" + plain(file)));
        } else if (credentials instanceof Credentials.SshAgent agent) {
            options.add("UserKnownHostsFile=" + trustedHosts(agent.knownHosts()));
            options.addAll(List.of("IdentityAgent=SSH_AUTH_SOCK", "IdentitiesOnly=no", "IdentityFile=none"));
            stage.with("SSH_AUTH_SOCK", socketOf(agent));
        } else {
            options.addAll(List.of("UserKnownHostsFile=/dev/null", "IdentityAgent=none", "PubkeyAuthentication=no"));
        }
        Path ssh = stage.program()
                .ssh()
                .orElseThrow(() -> new AngeeException(
                        ErrorCode.UNSUPPORTED,
                        "'" + url + "' needs the program 'ssh', which is not on the PATH; install it, or use https"));
        stage.with("GIT_SSH_VARIANT", "ssh").with("GIT_SSH_COMMAND", command(ssh, options));
    }

    private String socketOf(Credentials.SshAgent agent) {
        return agent.socket()
                .map(Path::toString)
                .or(() -> Optional.of(stage.program().agentSocket()).filter(socket -> !socket.isEmpty()))
                .orElseThrow(() -> new InvalidInputException(
                        "credentials", "there is no ssh-agent: SSH_AUTH_SOCK is not set, and no socket was given"));
    }

    /** What git hands to a shell. */
    static String command(Path ssh, List<String> options) {
        return Stream.concat(
                        Stream.of(ssh.toString(), "-F", "/dev/null"),
                        options.stream().flatMap(option -> Stream.of("-o", option)))
                .map(GitAccess::shellQuoted)
                .collect(Collectors.joining(" "));
    }

    private static String shellQuoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    /** A copy, since a path may hold what ssh takes for several paths, or for variables. */
    private String trustedHosts(Path given) throws IOException {
        if (!Files.isRegularFile(given)) {
            throw new InvalidInputException("known hosts", "'" + given + "' is not a file");
        }
        if (Files.size(given) > LARGEST_HOSTS_FILE) {
            throw new InvalidInputException("known hosts", "'" + given + "' is too large");
        }
        return plain(stage.write("known_hosts", Files.readString(given, StandardCharsets.ISO_8859_1)));
    }

    private static String plain(Path file) {
        if (!file.toString().matches("[A-Za-z0-9/._-]+")) {
            throw new AngeeException(
                    ErrorCode.UNSUPPORTED,
                    "ssh cannot be given a file in '" + file.getParent()
                            + "': set java.io.tmpdir to a folder with a plain name");
        }
        return file.toString();
    }
}
