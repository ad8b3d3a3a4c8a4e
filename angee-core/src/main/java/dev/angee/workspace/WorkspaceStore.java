package dev.angee.workspace;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.internal.JsonFile;
import dev.angee.manifest.ManifestReader;
import dev.angee.resolve.StackLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The records of the workspaces that were made on this host, one file for each. */
final class WorkspaceStore {
    private static final String ENDING = ".json";
    private static final String MAKING = ".making";

    private final StackLayout layout;

    WorkspaceStore(StackLayout layout) {
        this.layout = layout;
    }

    Optional<WorkspaceRecord> read(String name) {
        return file(name).read(WorkspaceRecord.class);
    }

    /** In name order. */
    List<WorkspaceRecord> all() {
        return names().stream().flatMap(name -> read(name).stream()).toList();
    }

    /** The workspaces that have a record, sound or not, in order. */
    List<String> names() {
        return names(name -> name.startsWith(".") ? "" : name);
    }

    /** The workspaces with a note of what is being made of them, or was when a JVM died, in order. */
    List<String> inTheMaking() {
        return names(name -> name.startsWith(".") && name.endsWith(MAKING)
                        ? name.substring(1, name.length() - MAKING.length())
                        : "")
                .stream()
                .filter(ManifestReader::isName)
                .toList();
    }

    /** @param named the workspace that a file is of, told without its ending; empty if it is of none */
    private List<String> names(UnaryOperator<String> named) {
        Path folder = layout.run().resolve("workspaces");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(ENDING))
                    .map(file -> named.apply(file.substring(0, file.length() - ENDING.length())))
                    .filter(name -> !name.isEmpty())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot list " + folder + ": " + e.getMessage(), e);
        }
    }

    void write(WorkspaceRecord record) {
        file(record.name()).write(record);
    }

    void forget(String name) {
        file(name).delete();
    }

    /** What has been made of a workspace that has no record yet, or is being updated. */
    Making making(String name) {
        return makingFile(name).read(Making.class).orElseGet(Making::nothing);
    }

    void write(String name, Making making) {
        makingFile(name).write(making);
    }

    void forgetMaking(String name) {
        makingFile(name).delete();
    }

    private JsonFile makingFile(String name) {
        return JsonFile.at(layout.workspaceRecord(name).resolveSibling("." + name + MAKING + ENDING));
    }

    /** Who holds this lock works on the workspace. */
    Path lockFile(String name) {
        return layout.workspaceLock(name);
    }

    private JsonFile file(String name) {
        return JsonFile.at(layout.workspaceRecord(name));
    }
}
