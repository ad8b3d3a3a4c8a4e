package dev.angee.templates.jinja;

import java.util.Optional;

/** A value with members of its own, such as {@code loop}. */
@FunctionalInterface
interface Members {
    Optional<Object> member(String name);
}
