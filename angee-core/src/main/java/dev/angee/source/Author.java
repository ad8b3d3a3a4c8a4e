package dev.angee.source;

import dev.angee.InvalidInputException;

/**
 * Who a commit is by.
 *
 * @param name the name
 * @param email the mail address
 */
public record Author(String name, String email) {
    /** Refuses what would break a commit's header. */
    public Author {
        for (String part : new String[] {name, email}) {
            if (part.isBlank() || part.chars().anyMatch(c -> c < ' ' || c == '<' || c == '>')) {
                throw new InvalidInputException("author", "a name and an address, without line breaks, '<' or '>'");
            }
        }
    }

    /** The identity for commits that the platform itself makes. */
    public static Author angee() {
        return new Author("angee", "angee@example.invalid");
    }
}
