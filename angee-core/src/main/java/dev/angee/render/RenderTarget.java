package dev.angee.render;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A folder that templates render to, and where is remembered what they have rendered.
 *
 * @param top a folder that is there, and whose own place nobody else chooses; below it everything is done
 * @param folder the folder that is rendered to, relative to it; empty for the top itself
 * @param state the file that remembers, relative to the top
 * @param journals where unfinished work is written down; an absolute path
 * @param subject what this is called there: a valid name
 */
public record RenderTarget(Path top, String folder, String state, Path journals, String subject) {
    /** The path of something in the folder, relative to the top. */
    String at(String path) {
        return folder.isEmpty() ? path : folder + "/" + path;
    }

    /** The one way to spell a path that is written by hand: {@code ./a//b/../c/} is {@code a/c}. Looks at no file. */
    static String lexical(String path) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/", -1)) {
            if (part.equals("..") && !parts.isEmpty() && !parts.getLast().equals("..")) {
                parts.removeLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return (path.startsWith("/") ? "/" : "") + String.join("/", parts);
    }
}
