package dev.angee.gitops;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.manifest.ManifestReader;
import dev.angee.manifest.SourceKind;
import dev.angee.manifest.SourceSpec;
import dev.angee.resolve.StackLayout;
import dev.angee.source.CredentialSource;
import dev.angee.source.Credentials;
import dev.angee.source.FetchOptions;
import dev.angee.source.GitUrl;
import dev.angee.source.SourceControl;
import dev.angee.workspace.Slot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The remotes of the sources, as the manifest names them now, and what each is shown. */
final class Remotes {
    private final StackLayout layout;
    private final SourceControl control;
    private final CredentialSource credentials;
    private final ManifestReader reader = new ManifestReader();

    Remotes(StackLayout layout, SourceControl control, CredentialSource credentials) {
        this.layout = layout;
        this.control = control;
        this.credentials = credentials;
    }

    Map<String, SourceSpec> declared() {
        return reader.read(layout.manifest()).sources();
    }

    /**
     * Where a slot's source comes from.
     *
     * @throws ConflictException if it is no longer declared
     */
    GitUrl url(Slot slot) {
        SourceSpec source = declared().get(slot.source());
        if (source == null || source.repo().isEmpty()) {
            throw new ConflictException("source", slot.source(), "is no longer declared in " + layout.manifest());
        }
        return GitUrl.of(source.repo().get());
    }

    Credentials shownFor(Slot slot) {
        return credentials.of(url(slot));
    }

    /** Fetches the slots' caches, each once. Makes sure, too, that a cache's remote is the one that is declared. */
    void fetch(Collection<Slot> slots, GitThreads threads) {
        Map<Path, Slot> caches = new LinkedHashMap<>();
        slots.forEach(slot -> caches.putIfAbsent(slot.worktree().cache(), slot));
        threads.map(caches.values(), slot -> {
            fetch(slot.worktree().cache(), url(slot));
            return slot;
        });
    }

    /** The same; why it failed, cache by cache. */
    Map<Path, String> fetched(Collection<Slot> slots, GitThreads threads) {
        Map<Path, Slot> caches = new LinkedHashMap<>();
        slots.forEach(slot -> caches.putIfAbsent(slot.worktree().cache(), slot));
        Map<Path, String> failed = new ConcurrentHashMap<>();
        threads.map(caches.values(), slot -> {
            try {
                fetch(slot.worktree().cache(), url(slot));
            } catch (AngeeException e) {
                failed.put(slot.worktree().cache(), String.valueOf(e.getMessage()));
            }
            return slot;
        });
        return failed;
    }

    /** Fetches every declared source that has a cache. */
    void fetchAll(GitThreads threads) {
        threads.map(
                declared().values().stream()
                        .filter(source -> source.kind() == SourceKind.GIT && Files.isDirectory(layout.source(source)))
                        .toList(),
                source -> {
                    fetch(layout.source(source), GitUrl.of(source.repo().orElseThrow()));
                    return source;
                });
    }

    private void fetch(Path cache, GitUrl url) {
        control.fetch(url, cache, FetchOptions.defaults().with(credentials.of(url)));
    }
}
