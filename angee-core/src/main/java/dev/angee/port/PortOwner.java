package dev.angee.port;

import static java.util.Objects.requireNonNull;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.manifest.ManifestReader;
import java.util.List;
import java.util.Locale;

/**
 * Who has a port: a workspace, a service that was made from a template, or a stack itself, each with the pool the port
 * comes from. An owner has at most one port in a root.
 *
 * @param kind what has it
 * @param name the workspace or the service; empty for a stack
 * @param pool the pool it comes from
 */
public record PortOwner(Kind kind, String name, String pool) {
    /** What can have a port. */
    public enum Kind {
        /** {@code workspace/<workspace>/<pool>}. */
        WORKSPACE,
        /** {@code service/<service>/<pool>}. */
        SERVICE,
        /** {@code stack/<pool>}: the manifest's own {@code ${alloc.<pool>}}. */
        STACK;

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Refuses what is no name.
     *
     * @throws AngeeException {@code INVALID} if a name is none
     */
    public PortOwner {
        requireNonNull(kind);
        if ((kind == Kind.STACK ? !name.isEmpty() : !ManifestReader.isName(name)) || !ManifestReader.isName(pool)) {
            throw invalid(kind.word() + "/" + (kind == Kind.STACK ? "" : name + "/") + pool);
        }
    }

    /** A workspace. */
    public static PortOwner workspace(String workspace, String pool) {
        return new PortOwner(Kind.WORKSPACE, workspace, pool);
    }

    /** A service that was made from a template. */
    public static PortOwner service(String service, String pool) {
        return new PortOwner(Kind.SERVICE, service, pool);
    }

    /** A stack itself, for what its manifest asks for as {@code ${alloc.<pool>}}. */
    public static PortOwner stack(String pool) {
        return new PortOwner(Kind.STACK, "", pool);
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws AngeeException {@code INVALID} if it is none of the three forms
     */
    public static PortOwner parse(String text) {
        List<String> parts = List.of(text.split("/", -1));
        for (Kind kind : Kind.values()) {
            if (parts.get(0).equals(kind.word()) && parts.size() == (kind == Kind.STACK ? 2 : 3)) {
                return new PortOwner(kind, kind == Kind.STACK ? "" : parts.get(1), parts.get(parts.size() - 1));
            }
        }
        throw invalid(text);
    }

    /** {@code workspace/<workspace>/<pool>}, {@code service/<service>/<pool>} or {@code stack/<pool>}. */
    @Override
    public String toString() {
        return kind.word() + "/" + (kind == Kind.STACK ? "" : name + "/") + pool;
    }

    /** Whether its text is this, or begins with this and a slash. */
    boolean isIn(String prefix) {
        String text = toString();
        return text.startsWith(prefix) && (text.length() == prefix.length() || text.charAt(prefix.length()) == '/');
    }

    private static AngeeException invalid(String text) {
        return new AngeeException(
                ErrorCode.INVALID,
                "'" + text + "' cannot own a port; write workspace/<workspace>/<pool>, service/<service>/<pool> or"
                        + " stack/<pool>, each a name as in a manifest");
    }
}
