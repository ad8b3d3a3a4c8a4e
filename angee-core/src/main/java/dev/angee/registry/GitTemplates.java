package dev.angee.registry;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.NotFoundException;
import dev.angee.internal.OwnFolder;
import dev.angee.internal.ShownAddress;
import dev.angee.source.CommitFile;
import dev.angee.source.CommitFiles;
import dev.angee.source.CommitId;
import dev.angee.source.CredentialSource;
import dev.angee.source.FetchOptions;
import dev.angee.source.GitUrl;
import dev.angee.source.History;
import dev.angee.source.Revision;
import dev.angee.source.SourceControl;
import dev.angee.template.TemplateFile;
import dev.angee.template.TemplateFiles;
import dev.angee.template.TemplateLibrary;
import dev.angee.template.TemplateMetadata;
import dev.angee.template.TemplateOrigin;
import dev.angee.template.TemplateProblem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Templates in git repositories: by plain name in a registry, or by the address of any repository, with a branch, tag or commit
 * as a pin. They are read from caches, nothing is checked out. Thread-safe, also between JVMs.
 *
 * <p>Only {@code refresh} uses the network. A branch is where it was at the last refresh; a tag stays where it was when it was
 * first fetched; a commit needs no second fetch.
 */
public final class GitTemplates implements TemplateLibrary {
    private static final String NO_DEFAULT = "had no default branch, or no commit on it,";
    private static final int MOST_LISTED = 200_000;
    private static final Pattern LISTED =
            Pattern.compile("(?:\\.?templates/)?([^/.][^/]*/[^/.][^/]*)/" + Pattern.quote(TemplateMetadata.FILE_NAME));

    private final SourceControl control;
    private final CredentialSource credentials;
    private final RegistryOptions options;
    private final AddressReader addresses;

    /**
     * Templates that are fetched with a source control.
     *
     * @param control fetches and reads
     * @param credentials what remotes are shown
     * @param options where from, and where to
     */
    public GitTemplates(SourceControl control, CredentialSource credentials, RegistryOptions options) {
        this.control = control;
        this.credentials = credentials;
        this.options = options;
        this.addresses = new AddressReader(options);
    }

    @Override
    public List<String> list() {
        return look().names();
    }

    @Override
    public List<TemplateProblem> problems() {
        return look().problems();
    }

    @Override
    public Optional<TemplateFiles> find(String ref) {
        return addresses.read(ref).flatMap(address -> find(ref, address));
    }

    @Override
    public List<TemplateFile> shared(TemplateFiles template, String root) {
        TemplateAddress address = addresses
                .read(template.ref())
                .orElseThrow(() -> new IllegalArgumentException(template.ref() + " was not found here"));
        CommitId commit = new CommitId(template.origin().commit().orElseThrow());
        List<String> from = parts(template.origin().folder());
        List<String> top = above(template, root);
        String prefix = "../".repeat(from.size() - top.size());
        try (CommitFiles files = control.history(cache(address)).files(commit)) {
            String folder = String.join("/", top);
            return read(template.ref(), files, files.below(folder, TemplateFiles.MOST_FILES), folder, prefix).stream()
                    .filter(file -> file.link().isEmpty())
                    .toList();
        }
    }

    @Override
    public Optional<String> hint(String ref) {
        Optional<TemplateAddress> found = addresses.read(ref);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        TemplateAddress address = found.get();
        String shown = ShownAddress.of(address.repository().value());
        if (!isFetched(address)) {
            return Optional.of("'" + shown + "' was not fetched yet for it; refresh '" + ShownAddress.of(ref) + "'");
        }
        Optional<CommitId> commit = commit(address);
        if (commit.isEmpty() && address.pin().isEmpty()) {
            return Optional.of(
                    "'" + shown + "' " + NO_DEFAULT + " when it was last fetched for it; name one, or refresh it");
        }
        String pin = address.pin().map(Revision::value).orElse("its default branch");
        return Optional.of(
                commit.isEmpty()
                        ? "'" + shown + "' had neither branch, tag nor commit '" + pin
                                + "' when it was last fetched for it; refresh it"
                        : "'" + shown + "' has no " + TemplateMetadata.FILE_NAME + " in "
                                + String.join(", ", named(address.folders())) + " at " + pin + ", "
                                + commit.get().abbreviated() + other(address, commit.get()));
    }

    /** Whether what Copier takes for the file, too, is there. */
    private String other(TemplateAddress address, CommitId commit) {
        try (CommitFiles files = control.history(cache(address)).files(commit)) {
            return address.folders().stream()
                    .filter(folder -> files.below(folder, TemplateFiles.MOST_FILES).stream()
                            .anyMatch(file -> file.path().equals(in(folder, TemplateMetadata.OTHER_NAME))))
                    .map(folder -> in(folder, TemplateMetadata.OTHER_NAME))
                    .findFirst()
                    .map(path -> "; '" + path + "' is there, call it " + TemplateMetadata.FILE_NAME)
                    .orElse("");
        }
    }

    private static String in(String folder, String file) {
        return folder.isEmpty() ? file : folder + "/" + file;
    }

    @Override
    public boolean refresh(String ref) {
        Optional<TemplateAddress> address = addresses.read(ref);
        address.ifPresent(this::fetch);
        return address.isPresent();
    }

    @Override
    public void refresh() {
        options.registry().ifPresent(registry -> fetch(all(registry)));
    }

    private void fetch(TemplateAddress address) {
        boolean settled = address.pin().filter(Revision::mayBeId).isPresent()
                && isFetched(address)
                && commit(address).map(CommitId::value).equals(address.pin().map(Revision::value));
        if (!settled) {
            OwnFolder.make(options.cache());
            GitUrl remote = address.repository();
            control.fetch(remote, cache(address), FetchOptions.defaults().with(credentials.of(remote)));
        }
    }

    private Path cache(TemplateAddress address) {
        return options.cache().resolve(address.key()).resolve("repo.git");
    }

    private boolean isFetched(TemplateAddress address) {
        return Files.isDirectory(cache(address), LinkOption.NOFOLLOW_LINKS);
    }

    /** Empty, too, if the remote's {@code HEAD} names no branch, or one that has no commit. */
    private Optional<CommitId> commit(TemplateAddress address) {
        History history = control.history(cache(address));
        if (address.pin().isPresent()) {
            return history.resolve(address.pin().get());
        }
        try {
            return history.resolve(Revision.of(history.defaultBranch()));
        } catch (NotFoundException e) {
            return Optional.empty();
        }
    }

    private Optional<TemplateFiles> find(String ref, TemplateAddress address) {
        Optional<CommitId> commit = isFetched(address) ? commit(address) : Optional.empty();
        if (commit.isEmpty()) {
            return Optional.empty();
        }
        try (CommitFiles files = control.history(cache(address)).files(commit.get())) {
            for (String folder : address.folders()) {
                String metadata = in(folder, TemplateMetadata.FILE_NAME);
                List<CommitFile> found = files.below(folder, TemplateFiles.MOST_FILES);
                if (found.stream().anyMatch(file -> file.path().equals(metadata) && isPlain(file))) {
                    TemplateOrigin origin = new TemplateOrigin(
                            address.repository().value(),
                            folder,
                            address.pin().map(Revision::value),
                            Optional.of(commit.get().value()));
                    return Optional.of(new TemplateFiles(ref, read(ref, files, found, folder, ""), origin));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isPlain(CommitFile file) {
        return file.kind() != CommitFile.Kind.LINK;
    }

    private static List<TemplateFile> read(
            String ref, CommitFiles files, List<CommitFile> wanted, String folder, String prefix) {
        int cut = folder.isEmpty() ? 0 : folder.length() + 1;
        List<TemplateFile> read = new ArrayList<>();
        int left = TemplateFiles.MOST_BYTES;
        for (CommitFile file : wanted) {
            String path = prefix + file.path().substring(cut);
            byte[] content = content(ref, files, file, left);
            left -= content.length;
            read.add(
                    isPlain(file)
                            ? new TemplateFile(path, content, file.kind() == CommitFile.Kind.EXECUTABLE)
                            : TemplateFile.link(path, new String(content, StandardCharsets.UTF_8)));
        }
        return read;
    }

    private static byte[] content(String ref, CommitFiles files, CommitFile file, int left) {
        try {
            return files.content(file, left);
        } catch (AngeeException e) {
            if (e.code() != ErrorCode.UNSUPPORTED) {
                throw e;
            }
            throw new AngeeException(
                    ErrorCode.INVALID,
                    "template '" + ref + "' has more than " + TemplateFiles.MOST_BYTES / 1024 / 1024 + " MiB of files",
                    e);
        }
    }

    /** The folder that a template shares files of, within its repository. */
    private static List<String> above(TemplateFiles template, String root) {
        List<String> at = new ArrayList<>(parts(template.origin().folder()));
        for (String part : root.split("/", -1)) {
            if (part.equals("..") && !at.isEmpty()) {
                at.remove(at.size() - 1);
            } else if (root.startsWith("/") || !(part.isEmpty() || part.equals("."))) {
                throw new InvalidInputException(
                        "include_root",
                        "template '" + template.ref() + "': '" + root
                                + "' is not a folder above the template, within its repository");
            }
        }
        return at;
    }

    private static List<String> parts(String folder) {
        return folder.isEmpty() ? List.of() : List.of(folder.split("/", -1));
    }

    private static List<String> named(List<String> folders) {
        return folders.stream()
                .map(folder -> folder.isEmpty() ? "its top" : "'" + folder + "'")
                .toList();
    }

    private static TemplateAddress all(GitUrl registry) {
        return new TemplateAddress(registry, List.of(), Optional.empty());
    }

    private Look look() {
        if (options.registry().isEmpty()) {
            return new Look(List.of(), List.of());
        }
        String registry = options.registry().get().value();
        TemplateAddress address = all(options.registry().get());
        if (!isFetched(address)) {
            return Look.at(registry, ErrorCode.NOT_FOUND, "the registry was not fetched yet; refresh it");
        }
        try {
            return commit(address)
                    .map(commit -> new Look(names(address, commit), List.of()))
                    .orElseGet(() -> Look.at(
                            registry,
                            ErrorCode.NOT_FOUND,
                            "the registry " + NO_DEFAULT
                                    + " when it was last fetched; its templates have to be pinned"));
        } catch (AngeeException e) {
            return Look.at(registry, e.code(), String.valueOf(e.getMessage()));
        }
    }

    private List<String> names(TemplateAddress address, CommitId commit) {
        TreeSet<String> names = new TreeSet<>();
        try (CommitFiles files = control.history(cache(address)).files(commit)) {
            for (CommitFile file : files.below("", MOST_LISTED)) {
                Matcher listed = LISTED.matcher(file.path());
                if (isPlain(file) && listed.matches()) {
                    names.add(listed.group(1));
                }
            }
        }
        return List.copyOf(names);
    }

    /**
     * What there is in the registry.
     *
     * @param names its templates
     * @param problems why it cannot be looked into
     */
    private record Look(List<String> names, List<TemplateProblem> problems) {
        static Look at(String registry, ErrorCode code, String message) {
            return new Look(List.of(), List.of(new TemplateProblem(registry, code, message)));
        }
    }
}
