package dev.angee.render;

import java.util.Optional;

/**
 * A file that changes together with a rendering, and is none of it.
 *
 * @param path relative to the target's top
 * @param content what it is to hold
 * @param expected what it holds now, if that counts; then it keeps its mode
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Companion(String path, byte[] content, Optional<byte[]> expected) {
    /** A state file: private, and whatever stands there is replaced. */
    public static Companion state(String path, byte[] content) {
        return new Companion(path, content, Optional.empty());
    }

    /** A file that is there. It keeps its mode, and nothing changes at all if it no longer holds what is expected. */
    public static Companion replacing(String path, byte[] expected, byte[] content) {
        return new Companion(path, content, Optional.of(expected));
    }
}
