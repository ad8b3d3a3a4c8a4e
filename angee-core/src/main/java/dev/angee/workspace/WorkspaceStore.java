package dev.angee.workspace;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.internal.JsonFile;
import dev.angee.resolve.StackLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The records of the workspaces that were made on this host, one file for each. */
final class WorkspaceStore {
    private static final String ENDING = ".json";

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
        Path folder = layout.run().resolve("workspaces");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(ENDING) && !file.startsWith("."))
                    .map(file -> file.substring(0, file.length() - ENDING.length()))
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

    /** What has been made of a workspace that has no record yet. */
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
        return JsonFile.at(layout.workspaceRecord(name).resolveSibling("." + name + ".making" + ENDING));
    }

    /** Who holds this lock works on the workspace. */
    Path lockFile(String name) {
        return layout.workspaceLock(name);
    }

    private JsonFile file(String name) {
        return JsonFile.at(layout.workspaceRecord(name));
    }
}
