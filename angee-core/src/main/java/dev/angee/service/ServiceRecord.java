package dev.angee.service;

import dev.angee.internal.JsonFile;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a service besides its files: what was made for it elsewhere, and what is being made at this moment. It is
 * written with the word on what is under way before that begins, and without it in the same change as the files, so that what
 * stands here tells how it ended.
 *
 * @param version of this format
 * @param secrets the secrets that were made for it, and go with it
 * @param pending what is under way; null if nothing is
 */
record ServiceRecord(
        int version, List<String> secrets, @Nullable Pending pending) {
    private static final int VERSION = 1;

    ServiceRecord {
        JsonFile.requireVersion(version, VERSION);
        secrets = secrets == null ? List.of() : List.copyOf(secrets);
    }

    static ServiceRecord nothing() {
        return new ServiceRecord(VERSION, List.of(), null);
    }

    ServiceRecord with(Pending work) {
        return new ServiceRecord(version, secrets, work);
    }

    /** What is under way is done. */
    ServiceRecord settled() {
        TreeSet<String> all = new TreeSet<>(secrets);
        if (pending != null) {
            all.addAll(pending.secrets());
        }
        return new ServiceRecord(version, List.copyOf(all), null);
    }

    /** What is under way is taken back. */
    ServiceRecord takenBack() {
        return new ServiceRecord(version, secrets, null);
    }

    /**
     * What is under way.
     *
     * @param work what it is
     * @param secrets the secrets that are made for it
     * @param pools the pools that a port is leased from for it, and none was before
     */
    record Pending(Work work, List<String> secrets, List<String> pools) {
        Pending {
            secrets = List.copyOf(secrets);
            pools = List.copyOf(pools);
        }
    }

    /** What can be under way. */
    enum Work {
        MAKING,
        REMOVING
    }
}
