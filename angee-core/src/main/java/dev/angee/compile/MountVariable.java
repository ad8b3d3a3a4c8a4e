package dev.angee.compile;

import dev.angee.mount.Mount;
import dev.angee.mount.ResolvedMount;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A local process sees a mount as a variable with the host path: {@code SOURCE_APP_PKG_PATH}. */
final class MountVariable {
    private MountVariable() {}

    static String name(ResolvedMount resolved) {
        Mount mount = resolved.mount();
        List<String> parts = new ArrayList<>();
        parts.add(mount.scheme().id());
        parts.addAll(List.of(mount.name().split("/")));
        parts.addAll(List.of(mount.subpath().split("/")));
        parts.add("PATH");
        return String.join(
                "_",
                parts.stream()
                        .map(MountVariable::part)
                        .filter(p -> !p.isEmpty())
                        .toList());
    }

    static String value(ResolvedMount resolved) {
        return resolved.hostPath().map(Object::toString).orElse(resolved.mount().name());
    }

    private static String part(String text) {
        return text.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_").replaceAll("^_+|_+$", "");
    }
}
