package dev.angee.expression;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What may stand behind a bar in an expression: {@code ${inputs.name | slug | truncate(20)}}. */
enum Filter {
    SLUG(0, 0) {
        @Override
        String apply(String value, List<String> arguments) {
            return Slug.of(value);
        }
    },
    LOWER(0, 0) {
        @Override
        String apply(String value, List<String> arguments) {
            return value.toLowerCase(Locale.ROOT);
        }
    },
    UPPER(0, 0) {
        @Override
        String apply(String value, List<String> arguments) {
            return value.toUpperCase(Locale.ROOT);
        }
    },
    LOCAL_PART(0, 0) {
        @Override
        String apply(String value, List<String> arguments) {
            int at = value.indexOf('@');
            return at < 0 ? value : value.substring(0, at);
        }
    },
    TRUNCATE(1, 1) {
        @Override
        String apply(String value, List<String> arguments) {
            int length = length(arguments.get(0));
            return value.codePointCount(0, value.length()) <= length
                    ? value
                    : value.substring(0, value.offsetByCodePoints(0, length));
        }

        private int length(String argument) {
            try {
                int length = Integer.parseInt(argument);
                if (length >= 0) {
                    return length;
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("truncate takes a whole number, not '" + argument + "'", e);
            }
            throw new IllegalArgumentException("truncate takes 0 or more, not " + argument);
        }
    },
    DEFAULT(1, 1) {
        @Override
        String apply(String value, List<String> arguments) {
            return value.isEmpty() ? arguments.get(0) : value;
        }
    },
    REQUIRED(0, 1) {
        @Override
        String apply(String value, List<String> arguments) {
            if (value.isEmpty()) {
                throw new IllegalArgumentException(arguments.isEmpty() ? "a value is required" : arguments.get(0));
            }
            return value;
        }
    },
    B64ENCODE(0, 0) {
        @Override
        String apply(String value, List<String> arguments) {
            return Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
        }
    },
    REPLACE(2, 2) {
        @Override
        String apply(String value, List<String> arguments) {
            checkLength(value.length() + occurrences(value, arguments.get(0)) * growth(arguments));
            return value.replace(arguments.get(0), arguments.get(1));
        }

        private long growth(List<String> arguments) {
            return (long) arguments.get(1).length() - arguments.get(0).length();
        }

        private long occurrences(String value, String wanted) {
            if (wanted.isEmpty()) {
                return value.length() + 1L;
            }
            long count = 0;
            for (int at = value.indexOf(wanted); at >= 0; at = value.indexOf(wanted, at + wanted.length())) {
                count++;
            }
            return count;
        }
    };

    private static final int LONGEST = 1024 * 1024;

    private final int fewest;
    private final int most;

    Filter(int fewest, int most) {
        this.fewest = fewest;
        this.most = most;
    }

    /** The filtered value; an {@link IllegalArgumentException} says why there is none. */
    abstract String apply(String value, List<String> arguments);

    /** The filtered value, unless it is so long that filters behind one another could fill all memory. */
    String applyWithinLimit(String value, List<String> arguments) {
        String filtered = apply(value, arguments);
        checkLength(filtered.length());
        return filtered;
    }

    private static void checkLength(long length) {
        if (length > LONGEST) {
            throw new IllegalArgumentException(
                    "a filter's result is at most " + LONGEST + " characters long, not " + length);
        }
    }

    boolean takes(int arguments) {
        return arguments >= fewest && arguments <= most;
    }

    /** How many arguments it takes, in words. */
    String counts() {
        return fewest < most
                ? fewest + " to " + most + " arguments"
                : fewest == 1 ? "1 argument" : fewest + " arguments";
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Filter> named(String word) {
        return Arrays.stream(values()).filter(f -> f.word().equals(word)).findFirst();
    }

    static String words() {
        return String.join(", ", Arrays.stream(values()).map(Filter::word).toList());
    }
}
