package dev.angee.render;

import dev.angee.ConflictException;
import dev.angee.document.InvalidDocumentException;
import dev.angee.document.YamlLimits;
import dev.angee.internal.yaml.YamlEdit;
import dev.angee.internal.yaml.YamlSource;
import dev.angee.manifest.EditOptions;
import dev.angee.manifest.ManifestEnsure;
import dev.angee.manifest.SecretReferences;
import dev.angee.secret.SecretName;
import dev.angee.template.Template;
import dev.angee.template.TemplateFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** What a stack's template renders as its manifest. */
public final class RenderedManifest {
    private RenderedManifest() {}

    /**
     * What changes in a manifest.
     *
     * @param path where it is
     * @param before its text
     * @param after its text when it is changed
     * @param entries the paths of what changes
     */
    public static List<RenderChange> changes(
            String path, String before, String after, Collection<List<String>> entries) {
        YamlSource was = YamlSource.parse(path, before, YamlLimits.standard());
        YamlSource is = YamlSource.parse(path, after, YamlLimits.standard());
        List<RenderChange> changes = new ArrayList<>();
        for (List<String> entry : entries) {
            boolean there = YamlEdit.at(was.root(), entry).isPresent();
            boolean stays = YamlEdit.at(is.root(), entry).isPresent();
            changes.add(new RenderChange(
                    path,
                    entry,
                    !stays ? RenderChange.Kind.DELETE : there ? RenderChange.Kind.MODIFY : RenderChange.Kind.ADD));
        }
        return changes;
    }

    /**
     * With what the template makes sure of, as if it were written in it, and the secrets declared that it was told of.
     *
     * @param template the template
     * @param file the manifest as it is rendered
     * @param secrets the secrets that the template was told of; those that the manifest refers to are declared
     * @return what it comes to; a link stays one
     * @throws ConflictException if it has another value than the template makes sure of
     * @throws InvalidDocumentException if it is no sound manifest
     */
    public static TemplateFile complete(Template template, TemplateFile file, Collection<SecretName> secrets) {
        if (file.link().isPresent()) {
            return file;
        }
        String name = template.ref() + "/" + file.path();
        String text = new String(file.content(), StandardCharsets.UTF_8);
        String declared = SecretReferences.declare(
                name, text, secrets.stream().map(SecretName::value).collect(Collectors.toSet()));
        String ensured = ManifestEnsure.apply(
                        name, declared, template.metadata().ensure(), EditOptions.defaults())
                .text();
        return new TemplateFile(file.path(), ensured.getBytes(StandardCharsets.UTF_8), file.executable(), file.link());
    }
}
