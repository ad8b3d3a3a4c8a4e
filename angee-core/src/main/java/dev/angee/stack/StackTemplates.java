package dev.angee.stack;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.NotFoundException;
import dev.angee.document.InvalidDocumentException;
import dev.angee.internal.FileLocks;
import dev.angee.internal.StateFormat;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.ManifestReader;
import dev.angee.render.OnConflict;
import dev.angee.render.Reconciler;
import dev.angee.render.RenderPlan;
import dev.angee.render.RenderRecovery;
import dev.angee.render.TemplateUpdate;
import dev.angee.resolve.StackLayout;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import dev.angee.secret.Secrets;
import dev.angee.template.TemplateCatalog;
import dev.angee.template.TemplateEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Makes stacks from templates, and brings them to what their templates render now. A template renders to a folder; its input
 * {@code ANGEE_ROOT} says where in there the stack's root is, the folder itself unless it says otherwise. All files are changed together
 * or not at all; nothing is started, stopped or fetched.
 *
 * <p>Thread-safe, also between JVMs: the lock of the root's manifest is held while files change.
 */
public final class StackTemplates {
    private static final int ATTEMPTS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
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
        return new Reconciler(draft.seen()).plan(draft.rendering(), draft.options());
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
        StackDraft draft = fresh(folder, wanted);
        List<RenderRecovery> unused = recover(draft.root());
        requireFree(draft, wanted);
        Supplier<Optional<RenderPlan>> work = () -> {
            Reconciler reconciler = new Reconciler(draft.made());
            StateFormat.mark(draft.root().resolve("run"));
            try (FileLocks.Held held = FileLocks.take(StackDraft.lock(draft.root()), "make a stack", PATIENCE)) {
                requireFree(draft, wanted);
                RenderPlan plan = apply(draft, reconciler);
                held.check();
                return Optional.of(plan);
            }
        };
        return withSecrets(draft, work).map(plan -> draft.root()).orElseThrow();
    }

    /** A generated secret that is stored already, by whoever died over it or made the stack before, is not made anew. */
    private StackDraft fresh(Path folder, NewStack wanted) {
        Path absolute = folder.toAbsolutePath().normalize();
        StackDraft draft = StackDraft.of(tools, absolute, wanted, name -> Optional.empty());
        if (draft.secrets().isEmpty()) {
            return draft;
        }
        RenderPlan plan = new Reconciler(draft.seen())
                .plan(draft.rendering(), draft.options().with(OnConflict.OVERWRITE));
        Secrets secrets = new StackSecrets(draft.layout(), context).of(manifest(draft, plan));
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
        StackDraft draft = again(StackOrigin.of(absolute), wanted);
        return new Reconciler(draft.seen()).plan(draft.rendering(), draft.options());
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
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            List<RenderRecovery> unused = recover(absolute);
            StackOrigin origin = StackOrigin.of(absolute);
            StackDraft draft = again(origin, wanted);
            Optional<RenderPlan> done = withSecrets(draft, () -> updated(draft, origin));
            if (done.isPresent()) {
                return done.get();
            }
        }
        throw new ConflictException("stack", root.toString(), "is updated by others all the time; try again");
    }

    /** Empty if somebody else has updated it since it was looked at. */
    private static Optional<RenderPlan> updated(StackDraft draft, StackOrigin origin) {
        Path root = origin.root();
        Reconciler reconciler = new Reconciler(draft.made());
        StateFormat.mark(root.resolve("run"));
        try (FileLocks.Held held = FileLocks.take(StackDraft.lock(root), "update a stack", PATIENCE)) {
            boolean isCurrent = StackDraft.unfinished(root).isEmpty()
                    && StackOrigin.of(root).equals(origin);
            if (!isCurrent) {
                return Optional.empty();
            }
            RenderPlan plan = apply(draft, reconciler);
            held.check();
            return Optional.of(plan);
        }
    }

    private StackDraft again(StackOrigin origin, TemplateUpdate wanted) {
        Secrets secrets = new StackSecrets(StackLayout.of(origin.root()), context)
                .of(new ManifestReader().read(StackLayout.of(origin.root()).manifest()));
        return StackDraft.again(tools, origin, wanted, secrets::find);
    }

    /**
     * Ends or takes back what a JVM that died has left half done in a root.
     *
     * @return what has become of it; none if there was nothing, or somebody else is at work there
     */
    public static List<RenderRecovery> recover(Path root) {
        Path absolute = root.toAbsolutePath().normalize();
        if (StackDraft.unfinished(absolute).isEmpty()) {
            return List.of();
        }
        Optional<FileLocks.Held> lock = FileLocks.tryTake(StackDraft.lock(absolute), "recover");
        if (lock.isEmpty()) {
            return List.of();
        }
        try (FileLocks.Held held = lock.get()) {
            List<RenderRecovery> recovered = StackDraft.unfinished(absolute).stream()
                    .flatMap(each -> each.recover().stream())
                    .toList();
            held.check();
            return recovered;
        }
    }

    /**
     * Stores the secrets, and does the rest: the store may be far away, and no lock is held meanwhile. If nothing comes of it, what was
     * stored is taken back, unless the files that refer to it may be made by the next who looks at them.
     */
    private Optional<RenderPlan> withSecrets(StackDraft draft, Supplier<Optional<RenderPlan>> work) {
        RenderPlan seen = new Reconciler(draft.seen()).plan(draft.rendering(), draft.options());
        Secrets secrets = new StackSecrets(draft.layout(), context).of(checked(draft, seen));
        List<SecretName> stored = new ArrayList<>();
        try {
            store(draft.secrets(), secrets, stored);
            Optional<RenderPlan> done = work.get();
            if (done.isEmpty()) {
                takeBack(draft, stored, secrets);
            }
            return done;
        } catch (RuntimeException | Error e) {
            try {
                takeBack(draft, stored, secrets);
            } catch (RuntimeException undoing) {
                e.addSuppressed(undoing);
            }
            throw e;
        }
    }

    private static void takeBack(StackDraft draft, List<SecretName> stored, Secrets secrets) {
        if (StackDraft.unfinished(draft.root()).isEmpty()) {
            stored.forEach(secrets::delete);
        }
    }

    /** With the lock held. What is made in spite of a failure is made. */
    private static RenderPlan apply(StackDraft draft, Reconciler reconciler) {
        RenderPlan plan = reconciler.plan(draft.rendering(), draft.options());
        Manifest unused = checked(draft, plan);
        try {
            reconciler.apply(plan);
        } catch (RuntimeException e) {
            boolean isMade = reconciler.recover().filter(RenderRecovery::made).isPresent();
            if (!isMade) {
                throw e;
            }
        }
        return plan;
    }

    /** What the manifest will be, if the plan can be carried out. */
    private static Manifest checked(StackDraft draft, RenderPlan plan) {
        plan.requireNoConflict("stack-template", draft.root().toString());
        return manifest(draft, plan);
    }

    private static Manifest manifest(StackDraft draft, RenderPlan plan) {
        Path file = draft.layout().manifest();
        return plan.text(draft.manifest())
                .map(text -> new ManifestReader().read(file.toString(), text))
                .orElseGet(() -> new ManifestReader().read(file));
    }

    private static void store(Map<SecretName, SecretValue> wanted, Secrets secrets, List<SecretName> stored) {
        wanted.forEach((name, value) -> {
            boolean isNew = !secrets.get(name).hasValue();
            if (!secrets.setIfAbsent(name, value).equals(value)) {
                throw new ConflictException(
                        "secret",
                        name.value(),
                        "has another value already; delete it, or leave the input out to have that value");
            }
            if (isNew) {
                stored.add(name);
            }
        });
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
