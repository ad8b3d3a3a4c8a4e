package dev.angee.contract;

import java.util.Random;

/** Random values of what env files, shells, YAML and Compose find hard. */
public final class AwkwardValues {
    private static final String HARD =
            "$'\"\\#=` \t\n\r{}()!%&;|<>*?[]~^@:,-+n0x\u0001\u001b\u007f\u0085\u00a0é\u2028\u2029\ufeff漢";

    private AwkwardValues() {}

    /** Anything but NUL, which no variable can hold; from one to sixteen characters. */
    public static String next(Random random) {
        int length = 1 + random.nextInt(16);
        StringBuilder value = new StringBuilder();
        for (int i = 0; i < length; i++) {
            switch (random.nextInt(5)) {
                case 0 -> value.append((char) (1 + random.nextInt(127)));
                case 1 -> value.appendCodePoint(0x1f600 + random.nextInt(64));
                default -> value.append(HARD.charAt(random.nextInt(HARD.length())));
            }
        }
        return value.toString();
    }
}
