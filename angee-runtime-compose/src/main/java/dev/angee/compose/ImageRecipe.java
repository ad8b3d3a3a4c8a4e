package dev.angee.compose;

import dev.angee.InvalidInputException;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * An image made of another and some packages of its system: of {@code apt-get}, {@code apk}, {@code dnf} or
 * {@code microdnf}, whichever the base has.
 *
 * @param base the image to begin with
 * @param packages the packages to add, each perhaps with a version, {@code name=1.2}; in name order, each once
 */
public record ImageRecipe(String base, List<String> packages) {
    private static final Pattern BASE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/:@-]*");
    private static final Pattern PACKAGE =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9+._-]*(?:=[A-Za-z0-9][A-Za-z0-9+.:~_-]*)?");

    /** Refuses what cannot be an image or a package, with {@link InvalidInputException}: both become part of a script. */
    public ImageRecipe {
        if (!BASE.matcher(base).matches()) {
            throw new InvalidInputException("base", "'" + base + "' cannot be an image");
        }
        for (String each : packages) {
            if (!PACKAGE.matcher(each).matches()) {
                throw new InvalidInputException("packages", "'" + each + "' cannot be a package");
            }
        }
        packages = List.copyOf(new TreeSet<>(packages));
    }

    /**
     * What the engine is told. The same for the same recipe.
     *
     * @param from the image to begin with, by a name that means no other meanwhile
     * @param user who the base runs as; empty if it does not say
     */
    String dockerfile(String from, String user) {
        String install = packages.isEmpty() ? "" : """
                USER 0
                RUN set -eu; \\
                  if command -v apt-get >/dev/null; then \\
                    export DEBIAN_FRONTEND=noninteractive; apt-get update; \\
                    apt-get install -y --no-install-recommends %1$s; rm -rf /var/lib/apt/lists/*; \\
                  elif command -v apk >/dev/null; then apk add --no-cache %1$s; \\
                  elif command -v dnf >/dev/null; then dnf install -y %1$s; \\
                  elif command -v microdnf >/dev/null; then microdnf install -y %1$s; \\
                  else echo 'the base has no apt-get, apk, dnf or microdnf to install with' >&2; exit 1; fi
                """.formatted(String.join(" ", packages));
        return "FROM " + from + "\n" + install + (user.isEmpty() || install.isEmpty() ? "" : "USER " + user + "\n");
    }
}
