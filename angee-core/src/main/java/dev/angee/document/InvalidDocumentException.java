package dev.angee.document;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A manifest that cannot be used; holds everything that is wrong with it, or, if that is more than 200 problems, 200 of
 * them and a last one that says how many more there are. Its code is {@code UNSUPPORTED} if all that is
 * wrong is what this version cannot do yet, else {@code INVALID}.
 */
public final class InvalidDocumentException extends AngeeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /**
     * Reports problems.
     *
     * @param problems at least one; reported in order, each once
     */
    public InvalidDocumentException(Collection<Problem> problems) {
        super(code(problems), message(problems));
        this.problems = problems.stream().sorted().distinct().toList();
    }

    /** Everything that is wrong, in the order of the file. */
    public List<Problem> problems() {
        return problems;
    }

    private static ErrorCode code(Collection<Problem> problems) {
        return problems.stream().allMatch(problem -> problem.kind() == Problem.Kind.UNSUPPORTED)
                ? ErrorCode.UNSUPPORTED
                : ErrorCode.INVALID;
    }

    private static String message(Collection<Problem> problems) {
        List<Problem> sorted = problems.stream().sorted().distinct().toList();
        String count = sorted.size() == 1 ? "1 problem" : sorted.size() + " problems";
        return sorted.stream().map(Problem::toString).collect(Collectors.joining("\n")) + "\n" + count
                + "; nothing was changed.";
    }
}
