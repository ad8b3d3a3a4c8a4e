package dev.angee.secret;

import java.util.Optional;

/**
 * What may be told of a secret: everything but its value.
 *
 * @param name its name
 * @param declared whether the manifest declares it
 * @param hasValue whether the store has a value for it
 * @param required whether it is declared as required
 * @param generated whether it is declared as generated
 * @param importFrom where its value is copied from, as declared: {@code env:NAME}
 * @param variable the variable that stands for it in env files and generated files
 */
public record SecretInfo(
        SecretName name,
        boolean declared,
        boolean hasValue,
        boolean required,
        boolean generated,
        Optional<String> importFrom,
        String variable) {}
