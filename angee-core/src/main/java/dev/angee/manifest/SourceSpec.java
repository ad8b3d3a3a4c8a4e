package dev.angee.manifest;

import java.util.Optional;

/**
 * Code to work on.
 *
 * @param name its name
 * @param kind what it is
 * @param repo where the repository is cloned from; git only
 * @param path the folder, absolute or relative to the root; local only
 * @param defaultRef the branch that new work begins at; the remote's own default if absent
 * @param auth what the remote is shown, if the manifest says so; git only
 * @param cachePath where the cache is kept, absolute or relative to the root; {@code sources/<name>} if absent
 */
public record SourceSpec(
        String name,
        SourceKind kind,
        Optional<String> repo,
        Optional<String> path,
        Optional<String> defaultRef,
        Optional<SourceAuth> auth,
        Optional<String> cachePath) {}
