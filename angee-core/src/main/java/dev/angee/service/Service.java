package dev.angee.service;

import dev.angee.RuntimeKind;

/**
 * A service that is declared.
 *
 * @param name its name
 * @param runtime where it runs
 */
public record Service(String name, RuntimeKind runtime) {}
