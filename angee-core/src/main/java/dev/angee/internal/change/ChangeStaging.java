package dev.angee.internal.change;

import dev.angee.ConflictException;
import dev.angee.internal.HeldFolder;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts what is to be there beside what is there, and removes it again. */
final class ChangeStaging {
    private final ChangeSite site;

    ChangeStaging(ChangeSite site) {
        this.site = site;
    }

    /** Makes the missing folders and the new files and links, under their names for the time being; durable on return. */
    void stage(Map<String, FileContent> contents, HeldFolder workshop) throws IOException {
        for (String folder : site.record().made()) {
            makeFolder(folder, workshop);
        }
        for (int i = 0; i < site.size(); i++) {
            ChangeRecord.Entry entry = site.entry(i);
            HeldFolder folder = site.folders().get(entry.folder()); // also to hold it from now on
            @Nullable FileContent content = contents.get(entry.path());
            if (content != null) {
                site.step("before staging " + entry.path());
                put(folder, site.record().newName(i), content, workshop);
                site.step("after staging " + entry.path());
            }
        }
        site.sync();
    }

    private void makeFolder(String path, HeldFolder workshop) throws IOException {
        HeldFolder above = site.folders().get(HeldFolders.above(path));
        if (!above.has(HeldFolders.name(path))) {
            site.step("before making " + path);
            above.createFolder(HeldFolders.name(path), workshop);
            site.step("after making " + path);
        }
    }

    private static void put(HeldFolder folder, String name, FileContent content, HeldFolder workshop)
            throws IOException {
        switch (content.kind()) {
            case FILE -> folder.createDurably(name, content.content(), FileLook.permissions(content.mode()));
            case LINK -> folder.createLink(name, content.link(), workshop);
        }
    }

    /** That nobody has touched what was staged. */
    void requireWhole() throws IOException {
        for (int i = 0; i < site.size(); i++) {
            ChangeRecord.Entry entry = site.entry(i);
            String name = site.record().newName(i);
            if (!entry.deletes()
                    && !FileLook.at(site.folders().get(entry.folder()), name).equals(entry.after())) {
                throw new ConflictException(
                        "file", entry.path(), "was to be changed, but somebody has changed '" + name + "' beside it");
            }
        }
    }

    /** Removes what was staged, and the folders that were made for it, if nobody has put anything into them. */
    void clear() throws IOException {
        for (int i = 0; i < site.size(); i++) {
            ChangeRecord.Entry entry = site.entry(i);
            Optional<HeldFolder> folder = entry.deletes() ? Optional.empty() : site.find(entry.folder());
            if (folder.isPresent()) {
                remove(folder.get(), entry, site.record().newName(i));
            }
        }
        List<String> made = site.record().made();
        for (int i = made.size() - 1; i >= 0; i--) {
            Optional<HeldFolder> above = site.find(HeldFolders.above(made.get(i)));
            if (above.isPresent()) {
                site.step("before removing " + made.get(i));
                above.get().removeEmptyFolder(HeldFolders.name(made.get(i)));
                site.step("after removing " + made.get(i));
            }
        }
        site.sync();
    }

    private void remove(HeldFolder folder, ChangeRecord.Entry entry, String name) throws IOException {
        if (folder.isFolder(name)) {
            site.tell(entry, "was to be changed; '" + name + "' beside it is a folder of somebody else, and left");
            return;
        }
        site.step("before removing " + name);
        folder.removeFile(name);
        site.step("after removing " + name);
    }
}
