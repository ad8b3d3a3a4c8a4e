package dev.angee.internal.change;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Trees of files that tests change, and what is in them. */
final class Trees {
    private Trees() {}

    /** All below a folder: what it is, its mode, and its bytes. */
    static Map<String, String> of(Path top) throws IOException {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> all = Files.walk(top)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                if (!each.equals(top)) {
                    tree.put(top.relativize(each).toString(), told(each));
                }
            }
        }
        return tree;
    }

    static String told(Path file) throws IOException {
        if (Files.isSymbolicLink(file)) {
            return "link to " + Files.readSymbolicLink(file);
        }
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return mode + " " + Files.readString(file);
        }
        return mode + (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS) ? " folder" : " other");
    }

    static Path write(Path file, String text, int mode) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, FileLook.permissions(mode));
    }

    static Path link(Path file, String target) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.createSymbolicLink(file, Path.of(target));
    }

    static FileContent file(String text, int mode) {
        return FileContent.file(text.getBytes(StandardCharsets.UTF_8), mode);
    }

    /** A tree with one of each that can be changed. */
    static void make(Path top) throws IOException {
        write(top.resolve("a/keep.txt"), "keep\n", 0644);
        write(top.resolve("a/other.txt"), "not ours\n", 0640);
        write(top.resolve("a/run.sh"), "run\n", 0755);
        link(top.resolve("a/link"), "keep.txt");
        write(top.resolve("b/in/only.txt"), "only\n", 0600);
        write(top.resolve("c/deep/x.txt"), "x\n", 0644);
        write(top.resolve("c/y.txt"), "y\n", 0644);
        write(top.resolve("becomes-link"), "was a file\n", 0644);
        link(top.resolve("becomes-file"), "nowhere");
        Files.setPosixFilePermissions(top.resolve("b/in"), PosixFilePermissions.fromString("rwxr-x---"));
    }

    /** All that can be done to that tree, in one change. */
    static List<FileChange> changes(FileChanges files) {
        Map<String, Optional<FileContent>> all = new TreeMap<>();
        all.put("a/keep.txt", Optional.of(file("changed\n", 0644)));
        all.put("a/run.sh", Optional.of(file("run\n", 0644)));
        all.put("a/link", Optional.of(FileContent.link("other.txt")));
        all.put("b/in/only.txt", Optional.empty());
        all.put("c/deep/x.txt", Optional.empty());
        all.put("becomes-link", Optional.of(FileContent.link("a/keep.txt")));
        all.put("becomes-file", Optional.of(file("is a file\n", 0666)));
        all.put("n/m/new.txt", Optional.of(file("new\n", 0755)));
        all.put("n/m/link", Optional.of(FileContent.link("../../a")));
        all.put("z.txt", Optional.of(file("", 0444)));
        List<FileChange> changes = new ArrayList<>();
        all.forEach((path, after) -> changes.add(new FileChange(path, files.look(path), after)));
        return changes;
    }

    /** The tree after that. */
    static Map<String, String> changed(Map<String, String> before) {
        Map<String, String> after = new TreeMap<>(before);
        after.put("a/keep.txt", "rw-r--r-- changed\n");
        after.put("a/run.sh", "rw-r--r-- run\n");
        after.put("a/link", "link to other.txt");
        List.of("b", "b/in", "b/in/only.txt", "c/deep", "c/deep/x.txt").forEach(after::remove);
        after.put("becomes-link", "link to a/keep.txt");
        after.put("becomes-file", "rw-rw-rw- is a file\n");
        after.put("n", "rwxr-xr-x folder");
        after.put("n/m", "rwxr-xr-x folder");
        after.put("n/m/new.txt", "rwxr-xr-x new\n");
        after.put("n/m/link", "link to ../../a");
        after.put("z.txt", "r--r--r-- ");
        return after;
    }
}
