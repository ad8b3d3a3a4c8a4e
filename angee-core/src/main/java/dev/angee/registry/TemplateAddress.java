package dev.angee.registry;

import dev.angee.source.GitUrl;
import dev.angee.source.Revision;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Where a template is in which repository.
 *
 * @param repository the repository
 * @param folders where in it to look, in order; the first that holds a template is it; the whole repository if empty text
 * @param pin the branch, tag or commit to take; the remote's default branch if there is none
 */
record TemplateAddress(GitUrl repository, List<String> folders, Optional<Revision> pin) {
    private static final int KEY_BYTES = 12;

    TemplateAddress {
        folders = List.copyOf(folders);
    }

    /** A name for its cache; all templates of a repository with the same pin share one. */
    String key() {
        String text = repository + "#" + pin.map(Revision::value).orElse("");
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, KEY_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // Every JVM has it.
        }
    }
}
