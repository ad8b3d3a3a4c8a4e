package dev.angee.secret;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Two names of secrets with one {@linkplain SecretName#variable variable}, so that each would be handed out as the
 * other.
 *
 * @param first the name that came first
 * @param second the name that collides with it
 */
public record SecretCollision(SecretName first, SecretName second) {

    /** The collisions among names, in their order; the same name twice is none. */
    public static List<SecretCollision> among(Collection<SecretName> names) {
        Map<String, SecretName> known = new LinkedHashMap<>();
        List<SecretCollision> collisions = new ArrayList<>();
        for (SecretName name : names) {
            SecretName first = known.putIfAbsent(name.variable(), name);
            if (first != null && !first.equals(name)) {
                collisions.add(new SecretCollision(first, name));
            }
        }
        return List.copyOf(collisions);
    }

    /** What is wrong, and what to do. */
    public String message() {
        return "secrets '" + first + "' and '" + second + "' would share the variable " + first.variable()
                + "; rename one of them";
    }
}
