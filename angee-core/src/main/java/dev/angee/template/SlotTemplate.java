package dev.angee.template;

import dev.angee.expression.Expression;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A source that a workspace template wants in the workspace.
 *
 * @param slot the slot's name
 * @param source the source that fills it; the slot's name if absent
 * @param branch the branch to be on
 * @param ref the branch of the remote that new work begins at
 * @param subpath where it stands in the workspace; the slot's name if absent
 * @param origin what is declared for a source that the manifest does not declare
 * @param optional whether the slot is left out if nobody knows its source; one that cannot be had is an error all the same
 */
public record SlotTemplate(
        String slot,
        Optional<Expression> source,
        Optional<Expression> branch,
        Optional<Expression> ref,
        Optional<Expression> subpath,
        SlotOrigin origin,
        boolean optional) {

    /** Everything that is written there. */
    Stream<Expression> written() {
        return Stream.concat(Stream.of(source, branch, ref, subpath).flatMap(Optional::stream), origin.written());
    }
}
