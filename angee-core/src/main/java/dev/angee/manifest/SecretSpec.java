package dev.angee.manifest;

import java.util.Optional;

/**
 * A secret that the stack needs, without its value.
 *
 * @param name its name
 * @param generated whether it is made up when there is none
 * @param length how many characters are made up
 * @param required whether it is a mistake that there is none
 * @param importFrom the environment variable it is taken from when there is none
 */
public record SecretSpec(String name, boolean generated, int length, boolean required, Optional<String> importFrom) {}
