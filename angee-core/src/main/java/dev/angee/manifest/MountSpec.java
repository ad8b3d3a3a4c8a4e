package dev.angee.manifest;

import dev.angee.expression.Expression;
import java.util.List;

/** One mount as it is written. */
public sealed interface MountSpec {
    /** The parts of it that may hold references. */
    List<Expression> expressions();

    /**
     * A line such as {@code source://app:/src:ro}.
     *
     * @param text the line
     */
    record Line(Expression text) implements MountSpec {
        @Override
        public List<Expression> expressions() {
            return List.of(text);
        }
    }

    /**
     * A map with {@code type}, {@code source} and {@code target}.
     *
     * @param type {@code volume} or {@code bind}
     * @param source the volume's name, or the path on the host
     * @param target the path in the container
     * @param readOnly whether it may only be read
     */
    record Fields(String type, Expression source, Expression target, boolean readOnly) implements MountSpec {
        @Override
        public List<Expression> expressions() {
            return List.of(source, target);
        }
    }
}
