package dev.angee.render;

import dev.angee.internal.change.FileContent;
import dev.angee.template.TemplateFile;

/** What a rendered file is on disk. */
final class Contents {
    private static final int PLAIN = 0644;
    private static final int EXECUTABLE = 0755;

    private Contents() {}

    static FileContent of(TemplateFile file) {
        return file.link().isPresent()
                ? FileContent.link(file.link().get())
                : FileContent.file(file.content(), file.executable() ? EXECUTABLE : PLAIN);
    }
}
