package dev.angee.template;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.util.List;
import java.util.Optional;

/** A library whose templates are folders on this host, each looked at anew whenever it is asked for. */
abstract class FolderTemplates implements TemplateLibrary {
    /**
     * The folder that has a file.
     *
     * @return empty if there is no such one here
     */
    abstract Optional<TemplateFolder> folder(String ref, String file);

    private Optional<TemplateFolder> folder(String ref) {
        return folder(ref, TemplateMetadata.FILE_NAME);
    }

    @Override
    public Optional<String> hint(String ref) {
        return TemplateLibrary.super
                .hint(ref)
                .or(() -> folder(ref, TemplateMetadata.OTHER_NAME)
                        .map(seen -> seen.folder().resolve(TemplateMetadata.OTHER_NAME) + " is there; call it "
                                + TemplateMetadata.FILE_NAME));
    }

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
