package dev.angee.secret;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** Secrets that were asked for have no value and no way to get one; holds everything that is wrong, by secret. */
public final class UnresolvedSecretsException extends AngeeException {
    private static final long serialVersionUID = 1L;

    private final transient SortedMap<SecretName, String> problems;

    /**
     * Reports problems.
     *
     * @param problems at least one: what is wrong with a secret, and what to do
     */
    public UnresolvedSecretsException(SortedMap<SecretName, String> problems) {
        super(ErrorCode.NOT_FOUND, message(problems));
        this.problems = Collections.unmodifiableSortedMap(new TreeMap<>(problems));
    }

    /** What is wrong with each secret, and what to do; in name order. */
    public SortedMap<SecretName, String> problems() {
        return problems;
    }

    private static String message(SortedMap<SecretName, String> problems) {
        StringBuilder message = new StringBuilder();
        problems.forEach((name, problem) -> message.append("secret '")
                .append(name)
                .append("' ")
                .append(problem)
                .append('\n'));
        String count = problems.size() == 1 ? "1 problem" : problems.size() + " problems";
        return message + count + "; nothing was changed.";
    }
}
