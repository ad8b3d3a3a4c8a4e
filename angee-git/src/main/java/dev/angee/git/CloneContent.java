package dev.angee.git;

import dev.angee.ConflictException;
import dev.angee.source.BranchName;
import dev.angee.source.GitUrl;
import dev.angee.source.Unfinished;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;

/**
 * What a clone is to have of its worktree's cache.
 *
 * @param branch the branch of the worktree
 * @param head the commit that it is at
 * @param remotes the branches of the remote, as lines of packed refs
 * @param tags the tags, likewise
 * @param remoteHead the ref that the remote's HEAD leads to
 * @param url the remote, without any secret
 * @param shallow the commits in which history ends
 * @param settings how the cache has its files treated, as a part of a configuration
 * @param exclude what the cache says that is to be ignored, in ISO 8859-1 whatever it is
 * @param indexFile the worktree's index
 */
record CloneContent(
        BranchName branch,
        ObjectId head,
        String remotes,
        String tags,
        Optional<String> remoteHead,
        Optional<GitUrl> url,
        Set<ObjectId> shallow,
        String settings,
        String exclude,
        Path indexFile) {
    private static final int LARGEST_INDEX = 512 * 1024 * 1024;

    /** Reads it from a worktree that is open; with its lock held. */
    static CloneContent of(OpenWorktree open) throws IOException {
        BranchName branch = requireBranch(open);
        Repository repository = open.repository;
        Path index = open.record.folder().resolve("index");
        FileRules rules = new FileRules(repository);
        Optional<String> url =
                Optional.ofNullable(repository.getConfig().getString("remote", Constants.DEFAULT_REMOTE_NAME, "url"));
        return new CloneContent(
                branch,
                open.head(),
                lines(repository, RemoteRefs.PREFIX),
                lines(repository, Constants.R_TAGS),
                new RemoteRefs(repository).head().map(BranchName::remoteTrackingName),
                url.map(GitUrl::of),
                new TreeSet<>(repository.getObjectDatabase().getShallowCommits()),
                rules.settings(),
                rules.ignored(),
                index);
    }

    static BranchName requireBranch(OpenWorktree open) throws IOException {
        if (open.unfinished() != Unfinished.NOTHING) {
            throw conflict(open, "something is unfinished in it; finish or abort that first");
        }
        return open.branch().orElseThrow(() -> conflict(open, "it is on no branch; check one out first"));
    }

    static ConflictException conflict(OpenWorktree open, String problem) {
        return new ConflictException("worktree", open.worktree.path().toString(), problem);
    }

    private static String lines(Repository repository, String prefix) throws IOException {
        Set<String> lines = new TreeSet<>();
        for (Ref ref : repository.getRefDatabase().getRefsByPrefix(prefix)) {
            if (!ref.isSymbolic() && ref.getObjectId() != null) {
                lines.add(ref.getObjectId().name() + " " + ref.getName() + "\n");
            }
        }
        return String.join("", lines);
    }

    /** The worktree's index; nothing if there is none. */
    byte[] index() throws IOException {
        if (Files.notExists(indexFile, LinkOption.NOFOLLOW_LINKS)) {
            return new byte[0];
        }
        try (InputStream in = Files.newInputStream(indexFile, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(LARGEST_INDEX + 1);
            if (bytes.length > LARGEST_INDEX) {
                throw new IOException("'" + indexFile + "' is larger than any index");
            }
            return bytes;
        }
    }

    /** When that was written: by this, git tells whether a file may have changed right after it was looked at. */
    FileTime indexTime() throws IOException {
        return Files.getLastModifiedTime(indexFile, LinkOption.NOFOLLOW_LINKS);
    }

    /** The configuration of a new clone. */
    String config() {
        Config config = new Config();
        config.setInt("core", null, "repositoryformatversion", 0);
        config.setBoolean("core", null, "bare", false);
        config.setBoolean("core", null, "logallrefupdates", true);
        url.ifPresent(remote -> {
            config.setString("remote", Constants.DEFAULT_REMOTE_NAME, "url", remote.value());
            config.setString("remote", Constants.DEFAULT_REMOTE_NAME, "fetch", Origin.REFSPEC);
        });
        // Single objects are cheap to pass over once the cache has them; a pack is read as a whole each time.
        config.setInt("gc", null, "auto", 0);
        return config.toText() + settings;
    }

    /** A list of commits as git has it in its file {@code shallow}. */
    static String shallowText(Set<ObjectId> ends) {
        StringBuilder text = new StringBuilder();
        for (ObjectId id : new TreeSet<>(ends)) {
            text.append(id.name()).append('\n');
        }
        return text.toString();
    }

    String head(String ref) {
        return "ref: " + ref + "\n";
    }
}
