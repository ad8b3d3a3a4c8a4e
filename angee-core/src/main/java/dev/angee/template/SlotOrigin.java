package dev.angee.template;

import dev.angee.expression.Expression;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a template knows of a source, for a manifest that does not declare it.
 *
 * @param kind {@code git} or {@code local}; if absent, {@code git} with a repository and {@code local} with a path
 * @param repo where it is cloned from
 * @param path its folder
 * @param defaultRef the branch that new work begins at
 * @param cachePath where it is cloned to
 */
public record SlotOrigin(
        Optional<Expression> kind,
        Optional<Expression> repo,
        Optional<Expression> path,
        Optional<Expression> defaultRef,
        Optional<Expression> cachePath) {

    /** Everything that is written there. */
    Stream<Expression> written() {
        return Stream.of(kind, repo, path, defaultRef, cachePath).flatMap(Optional::stream);
    }
}
