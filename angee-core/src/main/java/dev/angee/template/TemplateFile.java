package dev.angee.template;

import java.util.Optional;

/**
 * One file or link of a template, before or after rendering.
 *
 * @param path relative to the template or to where it is rendered, with forward slashes
 * @param content the bytes; not to be changed; none of a link
 * @param executable whether the file may be executed
 * @param link where it leads to, if it is a symbolic link
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; a copy of every file's bytes would buy nothing
public record TemplateFile(String path, byte[] content, boolean executable, Optional<String> link) {
    /** A file. */
    public TemplateFile(String path, byte[] content, boolean executable) {
        this(path, content, executable, Optional.empty());
    }

    /** A symbolic link. */
    public static TemplateFile link(String path, String target) {
        return new TemplateFile(path, new byte[0], false, Optional.of(target));
    }
}
