package dev.angee.manifest;

import java.util.Optional;

/**
 * The template that the manifest was made from.
 *
 * @param active the template's name, with its pin
 * @param answersFile where the answers to its questions are kept, relative to the root
 */
public record TemplateSpec(Optional<String> active, Optional<String> answersFile) {}
