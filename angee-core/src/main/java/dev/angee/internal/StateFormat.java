package dev.angee.internal;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.nio.file.Path;

/** The version of all that a root's {@code run/} holds: in {@code run/format.json}, made with the first thing in there. */
public final class StateFormat {
    private static final int VERSION = 1;

    private StateFormat() {}

    /**
     * Refuses what a newer version of this library has written; no such folder, and one without a version, is fine.
     *
     * @throws AngeeException {@code UNSUPPORTED} if it is newer; {@code FAILED} if its version cannot be understood
     */
    public static void check(Path run) {
        int version = file(run).read(Format.class).map(Format::version).orElse(VERSION);
        if (version > VERSION) {
            throw new AngeeException(
                    ErrorCode.UNSUPPORTED,
                    run + " was written by a newer version of this library (format " + version + ", this one knows "
                            + VERSION + "); use that version, or take everything down with it and delete the folder");
        }
    }

    /** Writes the version, before anything else is written there; durable on return. Refuses a newer one. */
    public static void mark(Path run) {
        check(run);
        if (file(run).read(Format.class).isEmpty()) {
            file(run).write(new Format(VERSION));
        }
    }

    private static JsonFile file(Path run) {
        return JsonFile.at(run.resolve("format.json"));
    }

    /** The file's content. */
    record Format(int version) {
        Format {
            if (version < 1) {
                throw new IllegalArgumentException("not a format version: " + version);
            }
        }
    }
}
