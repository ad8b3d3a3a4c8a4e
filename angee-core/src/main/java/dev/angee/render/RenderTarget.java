package dev.angee.render;

import java.nio.file.Path;

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
}
