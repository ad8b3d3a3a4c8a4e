package dev.angee.instance;

import dev.angee.AngeeException;
import dev.angee.NotFoundException;
import dev.angee.gitops.GitOps;
import dev.angee.internal.StateFormat;
import dev.angee.operation.Journal;
import dev.angee.port.PortLedger;
import dev.angee.resolve.StackLayout;
import dev.angee.runtime.BackendProvider;
import dev.angee.secret.Secrets;
import dev.angee.service.ServiceContext;
import dev.angee.service.Services;
import dev.angee.source.CredentialSource;
import dev.angee.source.SourceControl;
import dev.angee.stack.Stack;
import dev.angee.stack.StackTemplates;
import dev.angee.stack.Stacks;
import dev.angee.template.TemplateCatalog;
import dev.angee.template.TemplateEngine;
import dev.angee.workspace.Recovery;
import dev.angee.workspace.WorkspaceContext;
import dev.angee.workspace.Workspaces;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One instance: a root with its {@code angee.yaml}, and everything that can be done with it. Has no operations of its
 * own; it hands out the parts that do.
 *
 * <pre>{@code
 * try (Angee angee = Angee.open(Path.of("instance"))) {
 *     Workspace featX = angee.workspaces().create(WorkspaceRequest.named("feat-x").template("dev"));
 *     featX.stack().up(UpOptions.defaults());
 * }
 * }</pre>
 *
 * <p>Thread-safe. Closing it leaves services running.
 */
public final class Angee implements AutoCloseable {
    private final StackLayout layout;
    private final Stacks stacks;
    private final TemplateCatalog templates;
    private final PortLedger ports;
    private final Workspaces workspaces;
    private final Services services;
    private final StackTemplates stackTemplates;
    private final GitOps gitops;
    private final Recovery recovered;
    private final Imported imported;

    Angee(AngeeBuilder parts) {
        layout = StackLayout.of(parts.root());
        StateFormat.check(layout.run());
        List<String> settled = settled(layout.root()); // before the look: it may be the manifest that is half made
        if (!Files.isRegularFile(layout.manifest())) {
            throw new NotFoundException(
                    "manifest", layout.manifest().toString(), "a root is a folder with an angee.yaml");
        }
        OperatorRoot operator = new OperatorRoot(layout);
        operator.refuseWhileLocked();
        List<BackendProvider> backends = parts.backendProviders();
        ports = parts.portLedger(backends);
        stacks = new Stacks(parts.stackContext(backends, ports));
        SourceControl sourceControl = parts.theSourceControl();
        CredentialSource credentials = parts.theCredentials(layout, this::secrets);
        templates = new TemplateCatalog(parts.templateLibraries(sourceControl, credentials));
        Journal journal = new Journal(layout.journal(), parts.theClock());
        TemplateEngine engine = parts.templateEngine();
        workspaces = new Workspaces(
                new WorkspaceContext(layout, sourceControl, credentials, templates, engine, ports, journal, stacks));
        services = new Services(new ServiceContext(layout, workspaces, templates, engine, ports, stacks));
        gitops = new GitOps(layout, sourceControl, workspaces, credentials);
        stackTemplates = parts.stackTemplates(templates, engine);
        recovered = new Recovery(List.of(), settled, List.of())
                .and(workspaces.recover())
                .and(services.recover());
        imported = operator.takeOver(ports);
    }

    private static List<String> settled(Path root) {
        return StackTemplates.recover(root).stream()
                .map(end -> "the stack's update was " + (end.made() ? "completed" : "taken back")
                        + (end.kept().isEmpty() ? "" : "; " + String.join("; ", end.kept())))
                .toList();
    }

    /**
     * Opens a root with whatever backends, source control and templates are on the class or module path. What a JVM
     * that died here has left half made is taken back first, see {@link #recovered}.
     *
     * @param root the folder that holds {@code angee.yaml}
     * @throws NotFoundException if it holds none
     * @throws AngeeException {@code UNSUPPORTED} if there is no source control on the path, or a newer version of this
     *     library has worked there; {@code CONFLICT} while a Go operator holds the root
     */
    public static Angee open(Path root) {
        return builder(root).build();
    }

    /** Opens a root with parts that you choose. */
    public static AngeeBuilder builder(Path root) {
        return new AngeeBuilder(root);
    }

    /** The root. */
    public Path root() {
        return layout.root();
    }

    /** The stack of the root itself. */
    public Stack stack() {
        return stacks.get(layout.root());
    }

    /**
     * The secrets that the root's manifest declares.
     *
     * @throws dev.angee.document.InvalidDocumentException if the manifest is not sound
     */
    public Secrets secrets() {
        return stack().secrets();
    }

    /** The workspaces. */
    public Workspaces workspaces() {
        return workspaces;
    }

    /** The services of the root's stack, as they are declared. */
    public Services services() {
        return services;
    }

    /** What brings a stack, such as the one of this root, to what its template renders now. */
    public StackTemplates stackTemplates() {
        return stackTemplates;
    }

    /** What brings branches back. */
    public GitOps gitops() {
        return gitops;
    }

    /** The templates that can be named. */
    public TemplateCatalog templates() {
        return templates;
    }

    /** The port leases of all roots of this user. */
    public PortLedger ports() {
        return ports;
    }

    /** What became of workspaces and services that were half made by a JVM that died, when this was opened. */
    public Recovery recovered() {
        return recovered;
    }

    /** What the Go operator had written into the manifest, and was taken over when this was opened. */
    public Imported imported() {
        return imported;
    }

    /** Ends the threads and streams of everything handed out; services go on running. */
    @Override
    public void close() {
        try {
            stacks.close();
        } finally {
            gitops.close();
        }
    }
}
