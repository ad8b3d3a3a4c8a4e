package dev.angee.examples;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.FetchOptions;
import dev.angee.source.FetchProgress;
import dev.angee.source.GitUrl;
import dev.angee.source.SourceControl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** A bare repository that stands in for the team's server, so that the demonstration pushes to nothing real. */
final class DemoRemote {
    private DemoRemote() {}

    /** The repository that the working directory, or a folder above it, belongs to. */
    static Optional<String> around(Path start) {
        for (Path folder = start.toAbsolutePath().normalize(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve(".git"))) {
                return Optional.of(folder.toString());
            }
        }
        return Optional.empty();
    }

    /**
     * Copies the history of a repository's default branch.
     *
     * @param origin a URL or a path; it is only read
     * @param folder where the copy is made
     * @return the name of the branch
     */
    static BranchName copy(SourceControl control, String origin, Path folder, FetchProgress progress)
            throws IOException {
        Path local = Path.of(origin);
        GitUrl url = GitUrl.of(Files.exists(local) ? local.toRealPath().toString() : origin);
        control.fetch(url, folder, FetchOptions.defaults().telling(progress));
        BranchName branch = branch(control, origin, folder);
        CommitId head = control.history(folder).remoteBranch(branch).orElseThrow(() -> noBranch(origin));
        // What was fetched is kept apart from branches of its own; a server has those.
        Path ref = folder.resolve(branch.fullName());
        Files.createDirectories(ref.getParent());
        Files.writeString(ref, head + "\n");
        Files.writeString(folder.resolve("HEAD"), "ref: " + branch.fullName() + "\n");
        return branch;
    }

    /** The branch HEAD names there; of a repository with a detached HEAD, main or master. */
    private static BranchName branch(SourceControl control, String origin, Path folder) {
        try {
            return control.history(folder).defaultBranch();
        } catch (AngeeException e) {
            return Stream.of("main", "master")
                    .map(BranchName::of)
                    .filter(name -> control.history(folder).remoteBranch(name).isPresent())
                    .findFirst()
                    .orElseThrow(() -> noBranch(origin));
        }
    }

    private static AngeeException noBranch(String origin) {
        return new AngeeException(
                ErrorCode.INVALID,
                origin + " has no branch to work from (its HEAD is detached or unborn); check one out, or name another"
                        + " repository with --repo");
    }
}
