package dev.angee.rest;

import dev.angee.InvalidInputException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who may call, and how serving ends. Immutable. A token is kept as its digest only, so that nothing that prints these
 * options can show it.
 */
public final class RestOptions {
    private static final RestOptions DEFAULTS = new RestOptions(null, Duration.ofSeconds(5));

    private final @Nullable BearerToken token;
    private final Duration grace;

    private RestOptions(@Nullable BearerToken token, Duration grace) {
        this.token = token;
        this.grace = grace;
    }

    /** No token, so for callers on this host only; five seconds of grace. */
    public static RestOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The same, with a token that every route but {@code /healthz} asks for, as {@code Authorization: Bearer <token>}.
     *
     * @param secret visible ASCII characters, at least one
     * @throws InvalidInputException if it is anything else
     */
    public RestOptions token(String secret) {
        return new RestOptions(BearerToken.of(secret), grace);
    }

    /**
     * The same, with another grace.
     *
     * @param time how long requests under way may take when the server is closed; then they are interrupted
     * @throws InvalidInputException if it is negative
     */
    public RestOptions grace(Duration time) {
        if (time.isNegative()) {
            throw new InvalidInputException("grace", "cannot be negative");
        }
        return new RestOptions(token, time);
    }

    /** Whether a token is asked for. */
    public boolean hasToken() {
        return token != null;
    }

    /** How long requests under way may take when the server is closed. */
    public Duration grace() {
        return grace;
    }

    Optional<BearerToken> token() {
        return Optional.ofNullable(token);
    }

    @Override
    public String toString() {
        return "RestOptions[token " + (hasToken() ? "set" : "not set") + ", grace " + grace + "]";
    }
}
