package dev.angee.registry;

import dev.angee.source.GitUrl;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which repositories templates may come from, besides those that are given by their whole URL.
 *
 * @param cache the absolute path of the folder for what is fetched
 * @param registry the repository in which plain names are looked for, after all that is on this host
 * @param host where {@code owner/repo//path} is, such as {@code https://git.example.org}
 * @param localFolders the folders below which repositories on this host may be named; none unless the host says so
 */
public record RegistryOptions(Path cache, Optional<GitUrl> registry, Optional<GitUrl> host, List<Path> localFolders) {
    /** Refuses a relative folder, and copies the list. */
    public RegistryOptions {
        if (!cache.isAbsolute()) {
            throw new IllegalArgumentException("a cache has an absolute path: " + cache);
        }
        localFolders = List.copyOf(localFolders);
    }

    /** Whole URLs elsewhere, and nothing else. */
    public static RegistryOptions in(Path cache) {
        return new RegistryOptions(cache, Optional.empty(), Optional.empty(), List.of());
    }

    /** The same, with a registry. */
    public RegistryOptions registry(GitUrl repository) {
        return new RegistryOptions(cache, Optional.of(repository), host, localFolders);
    }

    /** The same, with a host for {@code owner/repo//path}. */
    public RegistryOptions host(GitUrl address) {
        return new RegistryOptions(cache, registry, Optional.of(address), localFolders);
    }

    /** The same; repositories below this folder, too, may be named. */
    public RegistryOptions localBelow(Path folder) {
        List<Path> more = new ArrayList<>(localFolders);
        more.add(folder.toAbsolutePath().normalize());
        return new RegistryOptions(cache, registry, host, more);
    }
}
