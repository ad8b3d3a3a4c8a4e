package dev.angee.stack;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.resolve.SecretKeeper;
import dev.angee.secret.SecretLender;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The open stacks of one instance, one for each root; closes what it opened. Thread-safe. */
public final class Stacks implements AutoCloseable {
    private final StackContext context;
    private final Map<Path, Stack> open = new HashMap<>();
    private boolean closed;

    /**
     * Stacks that work with this.
     *
     * @param context what they share
     */
    @Inject
    public Stacks(StackContext context) {
        this.context = context;
    }

    /** Who keeps the secrets of all of them. */
    public SecretKeeper secretKeeper() {
        return context.secretKeeper();
    }

    /** The stack of a root: the one that is open, else a new one. */
    public Stack get(Path root) {
        return get(root, context);
    }

    /**
     * The stack of a root: the one that is open, else a new one that is lent secrets.
     *
     * @param lender has values for those that its own store has none for
     */
    public Stack get(Path root, SecretLender lender) {
        return get(root, context.borrowing(lender));
    }

    private synchronized Stack get(Path root, StackContext with) {
        if (closed) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "this instance was closed");
        }
        return open.computeIfAbsent(root.toAbsolutePath().normalize(), path -> Stack.open(path, with));
    }

    /** Closes the stack of a root, if it is open. */
    public void close(Path root) {
        Optional<Stack> stack;
        synchronized (this) {
            stack = Optional.ofNullable(open.remove(root.toAbsolutePath().normalize()));
        }
        stack.ifPresent(Stack::close);
    }

    /** Closes every open stack; services go on running. */
    @Override
    public void close() {
        List<Stack> stacks;
        synchronized (this) {
            closed = true;
            stacks = new ArrayList<>(open.values());
            open.clear();
        }
        List<RuntimeException> failures = new ArrayList<>();
        for (Stack stack : stacks) {
            try {
                stack.close();
            } catch (RuntimeException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            RuntimeException first = failures.remove(0);
            failures.forEach(first::addSuppressed);
            throw first;
        }
    }
}
