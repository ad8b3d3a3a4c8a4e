package dev.angee.template;

import java.util.Optional;

/**
 * Where a template was found. To find it again, also on another machine, take its {@linkplain Template#ref name}, which holds
 * the pin; this is for people, and for knowing what has changed since.
 *
 * @param library the folder, or the URL of the repository; empty for a library that does not say
 * @param folder where it is in there, with {@code /} between its parts; empty for all of it
 * @param pin the branch, tag or commit that was asked for
 * @param commit the full id of the commit that was read, of a template in a repository
 */
public record TemplateOrigin(String library, String folder, Optional<String> pin, Optional<String> commit) {
    private static final TemplateOrigin UNKNOWN = new TemplateOrigin("", "", Optional.empty(), Optional.empty());

    /** Of a library that does not say, such as one in a jar. */
    public static TemplateOrigin unknown() {
        return UNKNOWN;
    }

    /** A folder on this host. */
    public static TemplateOrigin folder(String library, String folder) {
        return new TemplateOrigin(library, folder, Optional.empty(), Optional.empty());
    }
}
