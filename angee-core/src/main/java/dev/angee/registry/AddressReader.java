package dev.angee.registry;

import dev.angee.InvalidInputException;
import dev.angee.internal.ShownAddress;
import dev.angee.source.GitUrl;
import dev.angee.source.Revision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads how people write that a template is in a repository.
 *
 * <pre>
 * stacks/dev@v1                                      in the registry
 * owner/repo//path@v1                                at the configured host
 * https://host/repo.git//path@v1, …?ref=v1           any URL; without path, the repository is the template
 * https://github.com/owner/repo/tree/v1/path         as a browser shows it; also of the configured host
 * git&#64;host:repo.git//path@v1
 * </pre>
 */
final class AddressReader {
    private static final Pattern OWNED = Pattern.compile("[A-Za-z0-9_][\\w.-]*/[A-Za-z0-9_][\\w.-]*");
    private static final Pattern KIND = Pattern.compile("((?:^|.*/)\\.?templates/)(stack|workspace|service)(/.*)");
    private static final String GITHUB = "https://github.com";
    private static final String GIT = ".git";
    private static final String REF = "?ref=";
    private static final String TREE = "tree";
    private static final int OWNER_AND_REPO = 2;
    private static final int BEFORE_PATH = 4; // owner, repo, tree and branch

    private final RegistryOptions options;

    AddressReader(RegistryOptions options) {
        this.options = options;
    }

    /**
     * The address in a text.
     *
     * @return empty if it is none: a name, and there is no registry, or a path of this host
     * @throws InvalidInputException if it is one that nobody could go to
     */
    Optional<TemplateAddress> read(String ref) {
        if (ref.startsWith("/") || ref.isEmpty()) {
            return Optional.empty();
        }
        if (ref.contains("@{")) {
            throw refused(ref, "'@{' begins none of the names that a commit can have here");
        }
        if (ref.contains("://")) {
            return Optional.of(url(ref));
        }
        int colon = ref.indexOf(':');
        if (colon >= 0 && (ref.indexOf('/') < 0 || colon < ref.indexOf('/'))) {
            return Optional.of(cloneable(ref, ref, colon + 1, Optional.empty()));
        }
        return ref.contains("//") ? Optional.of(owned(ref, Pinned.of(ref))) : registered(ref, Pinned.named(ref));
    }

    private Optional<TemplateAddress> registered(String ref, Pinned pinned) {
        String name = pinned.text();
        if (!name.contains("/") || options.registry().isEmpty()) {
            return Optional.empty();
        }
        requireFolder(ref, name);
        List<String> folders = List.of("templates/" + name, ".templates/" + name, name);
        return Optional.of(new TemplateAddress(options.registry().get(), folders, pinned.revision()));
    }

    private TemplateAddress owned(String ref, Pinned pinned) {
        int end = pinned.text().indexOf("//");
        String repository = pinned.text().substring(0, end);
        if (!OWNED.matcher(repository).matches() || repository.contains("..")) {
            throw refused(ref, "is neither a URL nor owner/repo//path");
        }
        GitUrl host = options.host()
                .orElseThrow(() ->
                        refused(ref, "nobody has said at which host '" + repository + "' is; give the whole URL"));
        String folder = pinned.text().substring(end + 2);
        requireFolder(ref, folder);
        return new TemplateAddress(
                GitUrl.of(trimmed(host.value()) + "/" + withEnding(repository)), List.of(folder), pinned.revision());
    }

    private TemplateAddress url(String ref) {
        int query = ref.indexOf('?');
        String text = query < 0 ? ref : ref.substring(0, query);
        if (text.contains("#") || (query >= 0 && !isPin(ref.substring(query)))) {
            throw refused(ref, "a URL may end in ?ref= and a branch, tag or commit, and in nothing else");
        }
        Optional<String> asked = query < 0 ? Optional.empty() : Optional.of(ref.substring(query + REF.length()));
        int path = text.indexOf("://") + 3;
        if (text.indexOf('/', path) < 0) {
            throw refused(ref, "names a host, and no repository there");
        }
        if (text.indexOf("//", path) < 0) {
            for (String host : hosts()) {
                if (text.startsWith(host + "/")) {
                    List<String> parts =
                            List.of(text.substring(host.length() + 1).split("/", -1));
                    if (parts.size() > OWNER_AND_REPO) {
                        return shown(ref, host, parts, asked);
                    }
                }
            }
        }
        return cloneable(ref, text, path, asked);
    }

    /** Whether a query is a pin alone: a branch that has one of these characters in its name is given after an {@code @}. */
    private static boolean isPin(String query) {
        return query.startsWith(REF) && query.substring(REF.length()).chars().noneMatch(c -> "?&#=".indexOf(c) >= 0);
    }

    private List<String> hosts() {
        List<String> hosts = new ArrayList<>(List.of(GITHUB));
        options.host().ifPresent(host -> hosts.add(trimmed(host.value())));
        return hosts;
    }

    /** As a browser shows it. */
    private TemplateAddress shown(String ref, String host, List<String> parts, Optional<String> asked) {
        boolean tree = parts.size() >= BEFORE_PATH && parts.get(OWNER_AND_REPO).equals(TREE);
        Optional<String> branch = tree ? Optional.of(parts.get(BEFORE_PATH - 1)) : Optional.empty();
        Pinned pinned = Pinned.of(String.join("/", parts.subList(tree ? BEFORE_PATH : OWNER_AND_REPO, parts.size())));
        String folder = pinned.text();
        if (!folder.isEmpty()) {
            requireFolder(ref, folder);
        }
        requireFolder(ref, parts.get(0) + "/" + parts.get(1));
        String repository = host + "/" + withEnding(parts.get(0) + "/" + parts.get(1));
        Matcher kind = KIND.matcher(folder);
        List<String> folders =
                kind.matches() ? List.of(folder, kind.group(1) + kind.group(2) + "s" + kind.group(3)) : List.of(folder);
        Optional<Revision> pin = one(ref, asked.isPresent() ? asked : branch, pinned.revision());
        return new TemplateAddress(GitUrl.of(repository), folders, pin);
    }

    /** What git clones, then {@code //} and the folder. */
    private TemplateAddress cloneable(String ref, String text, int from, Optional<String> asked) {
        int end = text.indexOf("//", from);
        Pinned pinned = Pinned.of(text.substring(end < 0 ? from : end + 2));
        String repository = end < 0 ? text.substring(0, from) + pinned.text() : text.substring(0, end);
        String folder = end < 0 ? "" : pinned.text();
        if (repository.length() == from) {
            throw refused(ref, "names no repository before '//'");
        }
        if (!folder.isEmpty()) {
            requireFolder(ref, folder);
        }
        GitUrl url = GitUrl.of(repository);
        LocalRepositories.requireAllowed(url, options.localFolders());
        return new TemplateAddress(url, List.of(folder), one(ref, asked, pinned.revision()));
    }

    private static Optional<Revision> one(String ref, Optional<String> asked, Optional<Revision> pin) {
        if (asked.isPresent() && pin.isPresent()) {
            throw refused(ref, "names two commits; leave one out");
        }
        return asked.isPresent() ? asked.map(Revision::of) : pin;
    }

    private static void requireFolder(String ref, String folder) {
        boolean possible = Arrays.stream(folder.split("/", -1))
                .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals("..") || part.startsWith("-"));
        if (!possible || folder.indexOf('\\') >= 0) {
            throw refused(ref, "'" + ShownAddress.of(folder) + "' is no path in a repository");
        }
    }

    private static String trimmed(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    private static String withEnding(String repository) {
        return repository.toLowerCase(Locale.ROOT).endsWith(GIT) ? repository : repository + GIT;
    }

    private static InvalidInputException refused(String ref, String reason) {
        return new InvalidInputException("template", "'" + ShownAddress.of(ref) + "': " + reason);
    }

    /**
     * A text and what is after its last {@code @}, unless that is part of a path or of an address.
     *
     * @param text what is before
     * @param revision what is after
     */
    private record Pinned(String text, Optional<Revision> revision) {
        static Pinned of(String written) {
            int at = written.lastIndexOf('@');
            String tail = written.substring(at + 1);
            return at < 0 || tail.contains("/") || tail.contains(":")
                    ? new Pinned(written, Optional.empty())
                    : new Pinned(written.substring(0, at), Optional.of(Revision.of(tail)));
        }

        /** Of a name, which has no other {@code @}, so that a pin may have slashes. */
        static Pinned named(String written) {
            int at = written.indexOf('@');
            return at < 0
                    ? new Pinned(written, Optional.empty())
                    : new Pinned(written.substring(0, at), Optional.of(Revision.of(written.substring(at + 1))));
        }
    }
}
