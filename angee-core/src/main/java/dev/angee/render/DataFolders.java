package dev.angee.render;

import dev.angee.internal.change.FileChanges;
import dev.angee.internal.change.Fingerprint;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * The folders whose content is people's: those that a template names, and those that it named before, as long as they are there. Below
 * any of them nothing is overwritten; below the latter, nothing new is rendered either.
 */
final class DataFolders {
    private final NavigableSet<String> named;
    private final NavigableSet<String> left = new TreeSet<>();

    /** @param before what they were, as far as it is remembered */
    DataFolders(RenderTarget target, FileChanges files, Rendering rendering, RenderState before) {
        named = rendering.kept();
        TreeSet<String> all = new TreeSet<>(before.protectedPaths());
        all.addAll(rendering.left());
        all.stream()
                .filter(path ->
                        !path.isEmpty() && !path.startsWith("/") && !path.equals("..") && !path.startsWith("../"))
                .filter(path -> !named.contains(path) && innermost(named, path).isEmpty())
                .filter(path -> files.look(target.at(path)).kind() == Fingerprint.Kind.FOLDER)
                .forEach(left::add);
    }

    /** All of them, to be remembered. */
    Set<String> all() {
        TreeSet<String> all = new TreeSet<>(named);
        all.addAll(left);
        return Collections.unmodifiableSet(all);
    }

    /** Whether a file at this path would be in one of them. */
    boolean hold(String path) {
        return !innermost(named, path).isEmpty() || isLeft(path);
    }

    /** Whether it would be in one that the template does not name any more. */
    boolean isLeft(String path) {
        return innermost(left, path).length() > innermost(named, path).length();
    }

    private static String innermost(Set<String> folders, String path) {
        String found = "";
        for (String folder : folders) {
            if (path.startsWith(folder + "/") && folder.length() > found.length()) {
                found = folder;
            }
        }
        return found;
    }
}
