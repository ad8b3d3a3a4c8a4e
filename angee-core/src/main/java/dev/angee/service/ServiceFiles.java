package dev.angee.service;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.internal.FileTree;
import dev.angee.internal.HeldFolder;
import dev.angee.internal.JsonFile;
import dev.angee.internal.PlainFile;
import dev.angee.render.AnswersFile;
import dev.angee.render.LastRendering;
import dev.angee.render.Reconciler;
import dev.angee.render.RenderOptions;
import dev.angee.render.RenderPlan;
import dev.angee.render.RenderRecovery;
import dev.angee.render.RenderTarget;
import dev.angee.render.Rendering;
import dev.angee.resolve.StackLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What one service has on disk: its folder, its record, its part of the manifest. Its lock is held by whoever changes it. */
final class ServiceFiles {
    static final String SUBJECT = "service-";
    private static final String FOLDER = "services";
    private static final String LEGACY_ANSWERS = ".copier-answers.yml";

    private static final int LARGEST = 1024 * 1024;

    private final StackLayout layout;
    private final String name;
    private final Reconciler reconciler;

    ServiceFiles(StackLayout layout, String name, Function<RenderTarget, Reconciler> reconcilers) {
        this.layout = layout;
        this.name = name;
        this.reconciler = reconcilers.apply(new RenderTarget(
                layout.root(),
                relative(layout.service(name)),
                relative(layout.serviceRenderState(name)),
                layout.changes(),
                SUBJECT + name));
    }

    ServiceRecord record() {
        return recordFile().read(ServiceRecord.class).orElseGet(ServiceRecord::nothing);
    }

    /** Durable on return. */
    void write(ServiceRecord record) {
        recordFile().write(record);
    }

    /** What was under way is taken back; of what has never been made nothing is remembered. */
    void takeBack(ServiceRecord record) {
        if (isFromTemplate()) {
            write(record.takenBack());
        } else {
            forget();
        }
    }

    void forget() {
        recordFile().delete();
    }

    private JsonFile recordFile() {
        return JsonFile.at(layout.serviceRecord(name));
    }

    Optional<LastRendering> last() {
        return reconciler.last();
    }

    /** Where that is, relative to its folder. */
    String answersFile() {
        return last().flatMap(rendered -> rendered.layers().stream().findFirst())
                .map(layer -> layer.answersFile())
                .filter(path -> !path.isEmpty())
                .orElse(LEGACY_ANSWERS);
    }

    /** What it was told the last time; the Go operator's file has the same name, and may be all there is. */
    Optional<ServiceAnswers> answers() {
        Path path = dev.angee.mount.Confinement.below(layout.service(name), answersFile());
        try {
            return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                    ? Optional.of(ServiceAnswers.of(AnswersFile.read(
                            path.toString(), new String(PlainFile.read(path, LARGEST), StandardCharsets.UTF_8))))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    /**
     * Whether a template made it, so that its folder is its own: then it is remembered what was rendered, or the Go operator has
     * left answers that say from what and for whom. What Copier has left of a project of its own does not, nor does what
     * cannot be read.
     */
    boolean isFromTemplate() {
        if (Files.exists(layout.serviceRenderState(name), LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        try {
            return answers().filter(ServiceAnswers::isOfService).isPresent();
        } catch (AngeeException e) {
            return false; // Nothing can be said of it, and what is no service's is never deleted.
        }
    }

    /**
     * Refuses a folder of services that is a link: what is there belongs to whoever it leads to.
     *
     * @throws AngeeException {@code INVALID} if it is one
     */
    void requireOwnFolder() {
        Path folder = layout.root().resolve(FOLDER);
        if (Files.isSymbolicLink(folder)) {
            throw new AngeeException(
                    ErrorCode.INVALID,
                    folder + " is a link, and nothing is made or deleted behind it; put a folder in its place");
        }
    }

    boolean isFree() {
        requireOwnFolder();
        Path folder = layout.service(name);
        return !Files.exists(folder, LinkOption.NOFOLLOW_LINKS) || FileTree.isEmptyFolder(folder);
    }

    RenderPlan plan(Rendering rendering, RenderOptions options) {
        return reconciler.plan(rendering, options);
    }

    /** See {@link Reconciler#requireSecretsApart}. */
    void requireSecretsApart(Rendering rendering, RenderOptions options) {
        reconciler.requireSecretsApart(rendering, options);
    }

    /** Files, what is remembered of them, and the record change together. */
    void apply(RenderPlan plan, ServiceRecord settled) {
        reconciler.apply(plan, Map.of(relative(layout.serviceRecord(name)), JsonFile.bytes(settled)));
    }

    /** Ends or takes back a change of files that was cut off. */
    Optional<RenderRecovery> recover() {
        return reconciler.recover();
    }

    /** Removes the folder and what is remembered of it. */
    void remove() {
        requireOwnFolder();
        if (Files.isDirectory(layout.root().resolve(FOLDER), LinkOption.NOFOLLOW_LINKS)) {
            try (HeldFolder top = HeldFolder.at(layout.root());
                    HeldFolder services = top.child(FOLDER)) {
                services.remove(name);
            } catch (IOException e) {
                throw new AngeeException(
                        ErrorCode.FAILED, "cannot remove " + layout.service(name) + ": " + e.getMessage(), e);
            }
        }
        JsonFile.at(layout.serviceRenderState(name)).delete();
    }

    private String relative(Path path) {
        return layout.root().relativize(path).toString();
    }
}
