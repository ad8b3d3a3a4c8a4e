package dev.angee.template;

import java.util.Optional;

/**
 * One thing a template asks for.
 *
 * @param name its name
 * @param required whether it needs a value
 * @param standard the value it has if none is given
 */
public record InputSpec(String name, boolean required, Optional<String> standard) {}
