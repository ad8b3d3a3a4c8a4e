package dev.angee.benchmarks;

import java.util.Locale;

/**
 * The services that containers are to be made of: the same program for all.
 *
 * @param kind what they do
 * @param many how many there are
 */
record ContainerLoad(Kind kind, int many) {
    private static final String IMAGE = "angee-busybox:local";
    private static final String LINE = "x".repeat(79);

    /** What they do. */
    enum Kind {
        /** They sleep. */
        PLAIN("exec sleep 100000"),
        /** They write 1,000 lines of 80 bytes, and sleep. */
        WRITTEN("yes " + LINE + " | head -n 1000; exec sleep 100000"),
        /** They write a hundred lines of 80 bytes each second. */
        BUSY("while :; do yes " + LINE + " | head -n 100; sleep 1; done");

        private final String script;

        Kind(String script) {
            this.script = script;
        }
    }

    String name(int index) {
        return String.format(Locale.ROOT, "s%03d", index);
    }

    /** The manifest of a stack of them. */
    String manifest() {
        StringBuilder manifest = new StringBuilder("name: bench\nservices:\n");
        for (int i = 0; i < many; i++) {
            manifest.append("  ").append(name(i)).append(":\n    runtime: container\n    image: ");
            manifest.append(IMAGE)
                    .append("\n    command: [sh, -c, \"")
                    .append(kind.script)
                    .append("\"]\n");
        }
        return manifest.toString();
    }
}
