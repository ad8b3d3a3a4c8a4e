package dev.angee.template;

import dev.angee.expression.Expression;
import java.util.Optional;

/**
 * A source that a workspace template wants in the workspace.
 *
 * @param slot the slot's name
 * @param source the source that fills it; the slot's name if absent
 * @param branch the branch to be on
 * @param ref the branch of the remote that new work begins at
 * @param subpath where it stands in the workspace; the slot's name if absent
 */
public record SlotTemplate(
        String slot,
        Optional<Expression> source,
        Optional<Expression> branch,
        Optional<Expression> ref,
        Optional<Expression> subpath) {}
