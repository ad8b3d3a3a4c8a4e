package dev.angee.stack;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.NotFoundException;
import dev.angee.document.InvalidDocumentException;
import dev.angee.internal.FileLocks;
import dev.angee.internal.NearestFolder;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.ManifestReader;
import dev.angee.render.OnConflict;
import dev.angee.render.Reconciler;
import dev.angee.render.RenderPlan;
import dev.angee.render.RenderRecovery;
import dev.angee.render.TemplateUpdate;
import dev.angee.resolve.StackLayout;
import dev.angee.secret.Secrets;
import dev.angee.template.TemplateCatalog;
import dev.angee.template.TemplateEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes stacks from templates, and brings them to what their templates render now. A template renders to a folder; its input
 * {@code ANGEE_ROOT} says where in there the stack's root is, the folder itself unless it says otherwise. All files are changed together
 * or not at all; nothing is started, stopped or fetched.
 *
 * <p>Thread-safe, also between JVMs: one at a time makes or updates a stack, and the lock of its manifest is held while files change.
 */
public final class StackTemplates {
    private static final int ATTEMPTS = 5;
    private static final Set<String> OURS = Set.of("run", ".env");

    private final StackTools tools;
    private final StackContext context;

    /**
     * Stack templates.
     *
     * @param catalog finds them
     * @param engine renders them
     * @param context knows where secrets are kept
     */
    public StackTemplates(TemplateCatalog catalog, TemplateEngine engine, StackContext context) {
        this.tools = new StackTools(catalog, engine, context.secretKeeper());
        this.context = context;
    }

    /**
     * What {@link #init} would do. Writes nothing.
     *
     * @param folder the folder that is rendered to; need not be there
     * @throws ConflictException {@code stack-root} if the root is not empty, and may not be overwritten
     */
    public RenderPlan previewInit(Path folder, NewStack wanted) {
        StackDraft draft = fresh(folder, wanted);
        requireFree(draft, wanted);
        return new Reconciler(draft.place().seen()).plan(draft.rendering(), draft.options());
    }

    /**
     * Makes a stack. Its secrets are stored, and its files written, when this returns. If it fails, there is nothing of it but, perhaps,
     * an empty folder with a {@code run/} in it.
     *
     * @param folder the folder that is rendered to; made if it is not there
     * @return the root of the stack, a folder with an {@code angee.yaml}
     * @throws ConflictException {@code stack-root} if the root is not empty; {@code stack-template} if something else is in its way;
     *     or a secret that is given has another value already
     * @throws NotFoundException if there is no such template
     * @throws InvalidInputException if an input is missing or not what the template takes, or the root would be outside of the folder
     * @throws InvalidDocumentException if the manifest that is rendered is not sound
     */
    public Path init(Path folder, NewStack wanted) {
        StackDraft first = fresh(folder, wanted);
        List<RenderRecovery> unused = recover(first.root());
        requireFree(first, wanted);
        StackMaking.requireMakeable(first); // before anything is written there
        try (FileLocks.Held held = StackMaking.lock(first.root(), "make a stack")) {
            recover(first.root());
            StackDraft draft = fresh(folder, wanted);
            Optional<RenderPlan> done = new StackMaking(context, draft, Optional.empty()).run(() -> {
                requireFree(draft, wanted);
                return true;
            });
            held.check();
            return done.map(plan -> draft.root()).orElseThrow();
        }
    }

    /** A generated secret that is stored already, by whoever died over it or made the stack before, is not made anew. */
    private StackDraft fresh(Path folder, NewStack wanted) {
        Path absolute = folder.toAbsolutePath().normalize();
        NearestFolder.requireNoFile("folder", absolute);
        StackDraft draft = StackDraft.of(tools, absolute, wanted, name -> Optional.empty());
        NearestFolder.requireNoFile("ANGEE_ROOT", draft.root());
        if (draft.secrets().isEmpty()) {
            return draft;
        }
        RenderPlan plan = new Reconciler(draft.place().seen())
                .plan(draft.rendering(), draft.options().with(OnConflict.OVERWRITE));
        Secrets secrets = new StackSecrets(draft.layout(), context).of(StackMaking.manifest(draft, plan));
        return StackDraft.of(tools, absolute, wanted, secrets::find);
    }

    private static void requireFree(StackDraft draft, NewStack wanted) {
        if (wanted.onConflict() == OnConflict.REFUSE) {
            requireEmpty(draft.root());
        }
    }

    /**
     * What {@link #update} would do. Writes nothing.
     *
     * @param root the root of a stack that was made from a template
     */
    public RenderPlan previewUpdate(Path root, TemplateUpdate wanted) {
        Path absolute = root.toAbsolutePath().normalize();
        Manifest before = new ManifestReader().read(StackLayout.of(absolute).manifest());
        StackDraft draft = again(StackOrigin.of(absolute), before, wanted);
        return new Reconciler(draft.place().seen()).plan(draft.rendering(), draft.options());
    }

    /**
     * Brings a stack to what its template renders now, with what it was told at first. Local edits stay; see {@link Reconciler}.
     *
     * @param root the root of a stack that was made from a template
     * @return what was done
     * @throws ConflictException {@code stack-template} naming what was changed both here and by the template; nothing has happened
     *     then
     * @throws NotFoundException if the template is not there any more
     * @throws InvalidInputException if it is not known what the stack was made from, or an input is not what the template takes
     * @throws InvalidDocumentException if the manifest would not be sound
     */
    public RenderPlan update(Path root, TemplateUpdate wanted) {
        Path absolute = root.toAbsolutePath().normalize();
        List<RenderRecovery> unused = recover(absolute);
        StackOrigin known = StackOrigin.of(absolute); // before anything is written there
        try (FileLocks.Held held = StackMaking.lock(known.root(), "update a stack")) {
            for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
                recover(absolute);
                StackOrigin origin = StackOrigin.of(absolute);
                Manifest before =
                        new ManifestReader().read(StackLayout.of(absolute).manifest());
                StackDraft draft = again(origin, before, wanted);
                Optional<RenderPlan> done =
                        new StackMaking(context, draft, Optional.of(before)).run(() -> isCurrent(origin));
                if (done.isPresent()) {
                    held.check();
                    return done.get();
                }
            }
        }
        throw new ConflictException("stack", root.toString(), "is changed by others all the time; try again");
    }

    /** Whether nobody else has changed what it was made from since it was looked at. */
    private static boolean isCurrent(StackOrigin origin) {
        return StackPlace.unfinished(origin.root()).isEmpty()
                && StackOrigin.of(origin.root()).equals(origin);
    }

    private StackDraft again(StackOrigin origin, Manifest before, TemplateUpdate wanted) {
        Secrets secrets = new StackSecrets(StackLayout.of(origin.root()), context).of(before);
        return StackDraft.again(tools, origin, wanted, secrets::find);
    }

    /**
     * Ends or takes back what a JVM that died has left half done in a root.
     *
     * @return what has become of it; none if there was nothing, or somebody else is at work there
     */
    public static List<RenderRecovery> recover(Path root) {
        Path absolute = root.toAbsolutePath().normalize();
        if (StackPlace.unfinished(absolute).isEmpty()) {
            return List.of();
        }
        Optional<FileLocks.Held> lock = FileLocks.tryTake(StackPlace.lock(absolute), "recover");
        if (lock.isEmpty()) {
            return List.of();
        }
        try (FileLocks.Held held = lock.get()) {
            List<RenderRecovery> recovered = StackPlace.unfinished(absolute).stream()
                    .flatMap(each -> each.recover().stream())
                    .toList();
            held.check();
            return recovered;
        }
    }

    private static void requireEmpty(Path root) {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> entries = Files.list(root)) {
            Optional<Path> first = entries.filter(each -> !OURS.contains(String.valueOf(each.getFileName())))
                    .sorted()
                    .findFirst();
            if (first.isPresent()) {
                throw new ConflictException(
                        "stack-root",
                        root.toString(),
                        "is not empty: '" + first.get().getFileName()
                                + "' is in it; take another folder, or overwrite");
            }
        } catch (IOException e) {
            throw new AngeeException(
                    ErrorCode.CONFLICT,
                    root + " is no folder that can be looked into; move it away, or take another folder: " + e,
                    e);
        }
    }
}
