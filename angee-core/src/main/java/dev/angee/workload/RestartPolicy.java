package dev.angee.workload;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What happens when a service ends by itself.
 *
 * @param mode when it is started again
 * @param mostRetries for {@link Mode#ON_FAILURE}, how often in a row at the most; no limit if absent
 */
public record RestartPolicy(Mode mode, OptionalInt mostRetries) {
    private static final Pattern FORM = Pattern.compile("no|always|unless-stopped|on-failure(?::([1-9][0-9]{0,5}))?");

    /** When a service that ended is started again. */
    public enum Mode {
        /** Never. */
        NO("no"),
        /** Whenever it ended. */
        ALWAYS("always"),
        /** If its exit code was none of success. */
        ON_FAILURE("on-failure"),
        /** Whenever it ended, unless somebody has stopped it. */
        UNLESS_STOPPED("unless-stopped");

        private final String word;

        Mode(String word) {
            this.word = word;
        }
    }

    /** It is not started again. */
    public static RestartPolicy never() {
        return new RestartPolicy(Mode.NO, OptionalInt.empty());
    }

    /** Understands {@code no}, {@code always}, {@code unless-stopped}, {@code on-failure} and {@code on-failure:5}. */
    public static Optional<RestartPolicy> parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        String word = text.split(":", -1)[0];
        for (Mode mode : Mode.values()) {
            if (mode.word.equals(word)) {
                OptionalInt retries =
                        form.group(1) == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(form.group(1)));
                return Optional.of(new RestartPolicy(mode, retries));
            }
        }
        return Optional.empty();
    }

    /** As a manifest writes it: {@code on-failure:5}. */
    @Override
    public String toString() {
        return mode.word + (mostRetries.isPresent() ? ":" + mostRetries.getAsInt() : "");
    }
}
