package dev.angee.template;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.util.List;
import java.util.Optional;

/** A library whose templates are folders on this host, each looked at anew whenever it is asked for. */
abstract class FolderTemplates implements TemplateLibrary {
    /** The folder of a template; empty if there is no such one here. */
    abstract Optional<TemplateFolder> folder(String ref);

    @Override
    public final Optional<TemplateFiles> find(String ref) {
        return folder(ref).map(found -> found.files(ref));
    }

    @Override
    public final List<TemplateFile> shared(TemplateFiles template, String root) {
        return folder(template.ref())
                .map(found -> found.shared(template.ref(), root))
                .orElseThrow(() -> new AngeeException(
                        ErrorCode.UNAVAILABLE, "template '" + template.ref() + "' was removed this moment"));
    }
}
