package dev.angee.template;

import dev.angee.ErrorCode;

/**
 * A template that cannot be used, or a place where there should be some.
 *
 * @param ref its name, as far as it has one
 * @param code what kind of failure it would be to use it
 * @param message what is wrong, and what to do; for people
 */
public record TemplateProblem(String ref, ErrorCode code, String message) {}
