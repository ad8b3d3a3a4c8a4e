package dev.angee.service;

import dev.angee.AngeeException;
import dev.angee.document.InvalidDocumentException;
import dev.angee.document.YamlLimits;
import dev.angee.internal.JsonFile;
import dev.angee.internal.yaml.YamlEdit;
import dev.angee.internal.yaml.YamlSource;
import dev.angee.internal.yaml.YamlValue;
import dev.angee.manifest.EditOptions;
import dev.angee.manifest.ManifestEditor;
import dev.angee.resolve.StackLayout;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** The workspaces that services have declared in the manifest because nobody had: they go with the last service that uses them. */
final class DeclaredWorkspaces {
    private static final String SECTION = "workspaces";
    private static final String FILE = "angee.yaml";

    private final StackLayout layout;
    private final String service;

    /** As one service sees them. */
    DeclaredWorkspaces(StackLayout layout, String service) {
        this.layout = layout;
        this.service = service;
    }

    /** Whether another service has declared a workspace, or uses one that a service has declared. */
    boolean isOfAnother(String workspace) {
        return ServiceEnding.recorded(layout).stream()
                .filter(name -> ServiceNames.isName(name) && !name.equals(service))
                .anyMatch(name -> declares(name, workspace));
    }

    private boolean declares(String name, String workspace) {
        try {
            return JsonFile.at(layout.serviceRecord(name))
                    .read(ServiceRecord.class)
                    .filter(record -> record.workspaces().contains(workspace))
                    .isPresent();
        } catch (AngeeException e) {
            return true; // It is not known whether it needs the workspace, so it may.
        }
    }

    /** Takes those away that no other service needs, and that nobody has added anything to. */
    void remove(ManifestEditor editor, Collection<String> workspaces) {
        for (String workspace : workspaces) {
            List<String> path = List.of(SECTION, workspace);
            if (isAsMade(editor.text(), path) && !isOfAnother(workspace) && isSoundWithout(editor.text(), path)) {
                editor.remove(path);
            }
        }
    }

    private static boolean isAsMade(String manifest, List<String> path) {
        YamlSource source = YamlSource.parse(FILE, manifest, YamlLimits.standard());
        return YamlEdit.at(source.root(), path)
                .map(YamlValue::of)
                .filter(value -> value instanceof YamlValue.Fields map
                        && map.fields().keySet().equals(Set.of("template")))
                .isPresent();
    }

    private static boolean isSoundWithout(String manifest, List<String> path) {
        ManifestEditor trial = ManifestEditor.of(FILE, manifest);
        trial.remove(path);
        try {
            EditOptions.defaults().check().check(FILE, trial.text());
            return true;
        } catch (InvalidDocumentException e) {
            return false; // Something that no template made uses it.
        }
    }
}
