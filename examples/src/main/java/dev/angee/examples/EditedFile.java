package dev.angee.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The file of a worktree that the demonstration changes: its README, else its first plain text, else a new one. */
final class EditedFile {
    private static final int LARGEST = 256 * 1024;

    private final Path file;

    private EditedFile(Path file) {
        this.file = file;
    }

    static EditedFile in(Path worktree) throws IOException {
        List<Path> texts;
        try (Stream<Path> entries = Files.list(worktree)) {
            texts = entries.filter(EditedFile::isPlainText).sorted().toList();
        }
        Optional<Path> readme = texts.stream()
                .filter(text -> text.getFileName().toString().startsWith("README"))
                .findFirst();
        return new EditedFile(readme.or(() -> texts.stream().findFirst()).orElse(worktree.resolve("NOTES.md")));
    }

    /** Adds a line at the end; the file's name. */
    String append(String line) throws IOException {
        boolean open = Files.exists(file) && !endsLine(Files.readAllBytes(file));
        String text = (open ? "\n" : "") + line + "\n";
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return file.getFileName().toString();
    }

    private static boolean endsLine(byte[] content) {
        return content.length == 0 || content[content.length - 1] == '\n';
    }

    /** Small enough, no NUL, and a name that needs no escaping in a URL. */
    private static boolean isPlainText(Path entry) {
        try {
            if (!Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)
                    || Files.size(entry) > LARGEST
                    || !entry.getFileName().toString().matches("[A-Za-z0-9_][A-Za-z0-9._-]*")) {
                return false;
            }
            return new String(Files.readAllBytes(entry), StandardCharsets.UTF_8).indexOf('\0') < 0;
        } catch (IOException e) {
            return false; // gone or unreadable: not the one to edit
        }
    }
}
