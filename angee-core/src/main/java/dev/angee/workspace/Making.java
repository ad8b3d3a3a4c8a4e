package dev.angee.workspace;

import dev.angee.internal.JsonFile;
import dev.angee.manifest.ManifestEdit;
import dev.angee.secret.SecretName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * What has been made of a workspace outside of its folder, written down before it is made, so that it can be taken back; or what
 * an update of one stores.
 *
 * @param version of this format
 * @param caches the absolute paths of the caches its worktrees are cut from
 * @param secrets the secrets that are made for it
 * @param claims the secrets that go by its name, stored before or to be stored: none of them is another workspace's
 * @param edits what is changed in the root's manifest, in order
 */
record Making(int version, List<String> caches, List<String> secrets, List<String> claims, List<ManifestEdit> edits) {
    private static final int VERSION = 1;

    Making {
        JsonFile.requireVersion(version, VERSION);
        caches = List.copyOf(caches);
        secrets = List.copyOf(secrets);
        claims = claims == null ? List.of() : List.copyOf(claims); // absent from notes of earlier versions
        edits = List.copyOf(edits);
    }

    static Making nothing() {
        return new Making(VERSION, List.of(), List.of(), List.of(), List.of());
    }

    Making withCaches(List<String> paths) {
        return new Making(version, paths, secrets, claims, edits);
    }

    Making withSecrets(List<String> names) {
        return new Making(version, caches, names, claims, edits);
    }

    Making withClaims(Collection<SecretName> names) {
        return new Making(
                version, caches, secrets, names.stream().map(SecretName::value).toList(), edits);
    }

    Making withEdits(List<ManifestEdit> made) {
        return new Making(version, caches, secrets, claims, made);
    }

    /** The last first. */
    List<ManifestEdit> editsBackwards() {
        List<ManifestEdit> backwards = new ArrayList<>(edits);
        Collections.reverse(backwards);
        return backwards;
    }
}
