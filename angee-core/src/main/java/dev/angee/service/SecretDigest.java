package dev.angee.service;

import dev.angee.secret.SecretValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Tells a value again without holding it: whether the secret that was stored is the one that is there now. */
final class SecretDigest {
    private static final int SALT = 16;
    private static final HexFormat HEX = HexFormat.of();

    private SecretDigest() {}

    static String of(SecretValue value, RandomGenerator random) {
        byte[] salt = new byte[SALT];
        random.nextBytes(salt);
        return HEX.formatHex(salt) + digest(salt, value);
    }

    static boolean tells(String digest, SecretValue value) {
        if (digest.length() < 2 * SALT) {
            return false;
        }
        String salt = digest.substring(0, 2 * SALT);
        boolean isHex = salt.chars().allMatch(HexFormat::isHexDigit);
        return isHex && digest.equals(salt + digest(HEX.parseHex(salt), value));
    }

    private static String digest(byte[] salt, SecretValue value) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            return HEX.formatHex(digest.digest(value.reveal().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
