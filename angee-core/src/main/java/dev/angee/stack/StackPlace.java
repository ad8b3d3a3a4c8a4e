package dev.angee.stack;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.internal.NearestFolder;
import dev.angee.internal.change.FileChanges;
import dev.angee.manifest.Manifest;
import dev.angee.render.Reconciler;
import dev.angee.render.RenderTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a stack is made.
 *
 * @param folder what its template is rendered to
 * @param root its root, there or below
 */
record StackPlace(Path folder, Path root) {
    private static final String SUBJECT = "stack";
    private static final Pattern SUBJECTS = Pattern.compile(SUBJECT + "-(\\d{1,3})");

    /** The lock of a root's manifest. */
    static Path lock(Path root) {
        return root.resolve("run/manifest.lock");
    }

    /** What has been begun in a root and not ended, and by what it can be. */
    static List<Reconciler> unfinished(Path root) {
        List<Reconciler> reconcilers = new ArrayList<>();
        for (String subject : new FileChanges(root, root.resolve("run/changes")).unfinished()) {
            Matcher levels = SUBJECTS.matcher(subject);
            if (levels.matches()) {
                Path folder = root;
                for (int up = Integer.parseInt(levels.group(1)); up > 0 && folder.getParent() != null; up--) {
                    folder = folder.getParent();
                }
                reconcilers.add(new Reconciler(new StackPlace(folder, root).target()));
            }
        }
        return reconcilers;
    }

    /** How far the folder is above the root. */
    int levels() {
        return folder.equals(root) ? 0 : folder.relativize(root).getNameCount();
    }

    /** A place, relative to the folder. */
    String relative(Path place) {
        return folder.relativize(place).toString();
    }

    /** The manifest, relative to the folder. */
    String manifest() {
        return relative(root.resolve(Manifest.FILE_NAME));
    }

    /** To work at, if the folder is there. */
    RenderTarget target() {
        return target(folder);
    }

    /** To look at: the folder need not be there, and all is seen from the nearest one that is. */
    RenderTarget seen() {
        return target(NearestFolder.of(folder));
    }

    /** To work at: makes the folder if it is not there. */
    RenderTarget made() {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot make " + folder + ": " + e.getMessage(), e);
        }
        return target(folder);
    }

    /** How far the folder is above the root is in the subject, by which what was cut off is found from the root. */
    private RenderTarget target(Path top) {
        Path run = root.resolve("run");
        return new RenderTarget(
                top,
                top.relativize(folder).toString(),
                top.relativize(run.resolve("template-state/stack.json")).toString(),
                run.resolve("changes"),
                SUBJECT + "-" + levels());
    }
}
