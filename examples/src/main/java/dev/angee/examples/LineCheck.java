package dev.angee.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The check job of the quickstart: exits 0 if a file of the working directory has a line, 1 if none has. */
public final class LineCheck {
    private LineCheck() {}

    /**
     * Looks.
     *
     * @param args the line
     * @throws IOException if a file cannot be read
     */
    public static void main(String[] args) throws IOException {
        String line = args[0];
        List<Path> files;
        try (Stream<Path> entries = Files.list(Path.of("."))) {
            files = entries.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            if (text.lines().anyMatch(line::equals)) {
                System.out.println(file.getFileName() + " says: " + line);
                return;
            }
        }
        System.out.println("none of " + files.size() + " files says: " + line);
        System.exit(1);
    }
}
