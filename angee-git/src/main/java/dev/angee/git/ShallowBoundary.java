package dev.angee.git;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/**
 * Where the history of a shallow repository ends. Git's servers tell it when they are fetched from; JGit, which serves
 * a folder itself, does not (7.8), and then the fetched history ends in missing commits.
 */
final class ShallowBoundary {
    private final Repository cache;

    ShallowBoundary(Repository cache) {
        this.cache = cache;
    }

    /** Fetches from a repository on this machine, knowing where its history ends. */
    <T> T fetchingFrom(File remote, GitWork<T> fetch) throws IOException {
        Set<ObjectId> before = Set.copyOf(cache.getObjectDatabase().getShallowCommits());
        Set<ObjectId> after = new HashSet<>(before);
        for (ObjectId end : endsOf(remote)) {
            if (!cache.getObjectDatabase().has(end)) {
                after.add(end);
            }
        }
        if (after.equals(before)) {
            return fetch.run();
        }
        cache.getObjectDatabase().setShallowCommits(after);
        try {
            return fetch.run();
        } catch (IOException | RuntimeException e) {
            cache.getObjectDatabase().setShallowCommits(before);
            throw e;
        }
    }

    /** The commits in which the history of a repository on this machine ends. */
    static List<ObjectId> endsOf(File remote) throws IOException {
        Path file = InertFileSystem.INSTANCE.getCommonDir(remote).toPath().resolve("shallow");
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        return Files.readAllLines(file).stream()
                .filter(ObjectId::isId)
                .map(ObjectId::fromString)
                .toList();
    }
}
