package dev.angee.rest;

import dev.angee.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A token that is known by its digest. Compared in the same time whatever is given. */
final class BearerToken {
    private static final String SCHEME = "Bearer ";

    private final byte[] digest;

    private BearerToken(byte[] digest) {
        this.digest = digest;
    }

    static BearerToken of(String secret) {
        if (secret.isEmpty() || secret.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new InvalidInputException("token", "needs one or more visible ASCII characters, and no spaces");
        }
        return new BearerToken(sha256(secret));
    }

    /** Whether the value of an {@code Authorization} header presents it. */
    boolean isIn(String authorization) {
        String trimmed = authorization.strip();
        return trimmed.startsWith(SCHEME)
                && MessageDigest.isEqual(
                        digest, sha256(trimmed.substring(SCHEME.length()).strip()));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "BearerToken[hidden]";
    }
}
