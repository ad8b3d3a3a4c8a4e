package dev.angee.template;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A template: its files and what its metadata says.
 *
 * @param ref the name that finds it again, with its pin, also on another machine unless it is a path
 * @param metadata what {@code copier.yml} says
 * @param files all its files
 */
public record Template(String ref, TemplateMetadata metadata, TemplateFiles files) {

    /** Where it was found. */
    public TemplateOrigin origin() {
        return files.origin();
    }

    /**
     * Reads the metadata of some files.
     *
     * @throws AngeeException {@code INVALID} if there is no {@code copier.yml}, or anything is wrong with it
     */
    static Template of(TemplateFiles files) {
        TemplateFile metadata = files.files().stream()
                .filter(file -> file.path().equals(TemplateMetadata.FILE_NAME))
                .findFirst()
                .orElseThrow(() -> new AngeeException(
                        ErrorCode.INVALID,
                        "template '" + files.ref() + "' has no " + TemplateMetadata.FILE_NAME + " at its top"));
        String name = files.ref() + "/" + TemplateMetadata.FILE_NAME;
        return new Template(files.ref(), MetadataReader.read(name, text(name, metadata.content())), files);
    }

    private static String text(String name, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        if (StandardCharsets.UTF_8.newDecoder().decode(in, out, true).isError()) {
            throw new AngeeException(
                    ErrorCode.INVALID,
                    "template file " + name + " is not UTF-8 text: byte " + in.position()
                            + " of it, counted from 0, is part of no character; save it as UTF-8");
        }
        return out.flip().toString();
    }
}
