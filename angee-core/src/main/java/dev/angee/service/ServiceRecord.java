package dev.angee.service;

import dev.angee.internal.JsonFile;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a service besides its files: what was made for it elsewhere, and what is being made at this moment. It is
 * written with the word on what is under way before that begins, and without it in the same change as the files, so that what
 * stands here tells how it ended.
 *
 * @param version of this format
 * @param secrets the secrets that were made for it, and go with it
 * @param workspaces the workspaces that it, or another that is still there, has declared, and that go with the last of them
 * @param dropped the pools whose port its template asks for no more, and that are still to be released
 * @param pending what is under way; null if nothing is
 */
record ServiceRecord(
        int version,
        List<String> secrets,
        List<String> workspaces,
        List<String> dropped,
        @Nullable Pending pending) {
    private static final int VERSION = 1;

    ServiceRecord {
        JsonFile.requireVersion(version, VERSION);
        // absent from records of earlier versions
        secrets = secrets == null ? List.of() : List.copyOf(secrets);
        workspaces = workspaces == null ? List.of() : List.copyOf(workspaces);
        dropped = dropped == null ? List.of() : List.copyOf(dropped);
    }

    static ServiceRecord nothing() {
        return new ServiceRecord(VERSION, List.of(), List.of(), List.of(), null);
    }

    ServiceRecord with(Pending work) {
        return new ServiceRecord(version, secrets, workspaces, dropped, work);
    }

    /** The same, and this workspace is declared by it. */
    ServiceRecord declaring(String workspace) {
        TreeSet<String> all = new TreeSet<>(workspaces);
        all.add(workspace);
        return new ServiceRecord(version, secrets, List.copyOf(all), dropped, pending);
    }

    /** The same, and these pools are to be released, and no others. */
    ServiceRecord dropping(List<String> pools) {
        return new ServiceRecord(version, secrets, workspaces, pools, pending);
    }

    /** What is under way is done. */
    ServiceRecord settled() {
        TreeSet<String> all = new TreeSet<>(secrets);
        if (pending != null) {
            all.addAll(pending.secrets());
        }
        return new ServiceRecord(version, List.copyOf(all), workspaces, dropped, null);
    }

    /** What is under way is taken back. */
    ServiceRecord takenBack() {
        return new ServiceRecord(version, secrets, workspaces, dropped, null);
    }

    /**
     * What is under way.
     *
     * @param work what it is
     * @param secrets the secrets that are made for it
     * @param digests by which the value of each is told again, see {@link SecretDigest}
     * @param pools the pools that a port is leased from for it, and none was before
     * @param manifest what is made of the manifest; null if nothing is yet
     */
    record Pending(
            Work work,
            List<String> secrets,
            Map<String, String> digests,
            List<String> pools,
            @Nullable Rewriting manifest) {
        Pending {
            secrets = List.copyOf(secrets);
            digests = digests == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(digests));
            pools = List.copyOf(pools);
        }

        /** Nothing is made for it. */
        static Pending of(Work work) {
            return new Pending(work, List.of(), Map.of(), List.of(), null);
        }

        /** The same, with fewer secrets. */
        Pending without(String secret) {
            List<String> others =
                    secrets.stream().filter(each -> !each.equals(secret)).toList();
            return new Pending(work, others, digests, pools, manifest);
        }

        /** The same, and this is made of the manifest. */
        Pending rewriting(String before, String after) {
            return new Pending(work, secrets, digests, pools, new Rewriting(before, after));
        }
    }

    /**
     * A manifest that is replaced. It may hold what its own file is trusted with, and so is this.
     *
     * @param before its text
     * @param after its text once it is replaced
     */
    record Rewriting(String before, String after) {
        /** Not the texts. */
        @Override
        public String toString() {
            return "a manifest that is replaced";
        }
    }

    /** What can be under way. */
    enum Work {
        /** It is made or updated. */
        MAKING,
        /** It is destroyed, with its folder. */
        REMOVING,
        /** It is destroyed, and what lies in its folder is not its own. */
        LEAVING
    }
}
