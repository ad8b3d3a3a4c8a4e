package dev.angee.secret;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.document.InvalidDocumentException;
import dev.angee.document.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An env file: lines {@code KEY=value}, comments and blank lines. Pure; immutable. Changing one entry leaves every other
 * byte as it is.
 *
 * <p>It is read as the Go operator read it, so that existing files keep their meaning: {@code "..."} is a Go string in
 * which {@code $} is a {@code $}; a back-tick string is raw; anything else is the value as it stands, without the blanks
 * around it, {@code # ...} included, and so is a quoted value with an unknown escape or a quote that is not closed; of a
 * key that stands twice, the last counts. In these it differs:
 *
 * <ul>
 *   <li>{@code export KEY=value} is {@code KEY=value}; a byte order mark is skipped;
 *   <li>{@code 'two words'} loses its quotes, not only {@code 'x'}; in single quotes only {@code \'} is an escape;
 *   <li>{@code \$} in double quotes is a {@code $};
 *   <li>a comment may follow a quoted value: {@code "x" # why};
 *   <li>a quoted value may go over several lines, where its closing quote ends a line.
 * </ul>
 *
 * <p>In all of these it agrees with Docker Compose. It does not where Compose expands variables ({@code "a$b"},
 * {@code a$b}) or takes a comment off a value without quotes. What it writes, both read alike: {@link EnvQuoting}.
 */
final class EnvFile {
    private final String file;
    private final String text;
    private final List<Entry> entries;

    private EnvFile(String file, String text, List<Entry> entries) {
        this.file = file;
        this.text = text;
        this.entries = entries;
    }

    /**
     * One entry.
     *
     * @param start where its first line starts
     * @param from where its value starts, just after the {@code =}
     * @param to where its value ends; a comment may follow
     * @param end where the next line starts
     * @param line its first line, from 1
     */
    record Entry(String key, String value, int start, int from, int to, int end, int line) {
        int column() {
            return from - start + 1;
        }

        /** Nothing of the value. */
        @Override
        public String toString() {
            return key + " in line " + line;
        }
    }

    /**
     * Reads a file.
     *
     * @param file its name, for problems
     * @throws InvalidDocumentException with every line that is no entry, comment or blank; never quoting it, as it may
     *     well be part of a secret
     */
    static EnvFile parse(String file, byte[] content) {
        String text = LosslessText.decode(content);
        EnvFileReader reader = new EnvFileReader(text);
        List<Entry> entries = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        while (!reader.atEnd()) {
            reader.next()
                    .ifPresentOrElse(
                            entries::add,
                            () -> reader.problem()
                                    .ifPresent(problem -> problems.add(
                                            Problem.of(file, reader.line(), reader.column(), "", problem))));
        }
        if (!problems.isEmpty()) {
            throw new InvalidDocumentException(problems);
        }
        return new EnvFile(file, text, List.copyOf(entries));
    }

    byte[] content() {
        return LosslessText.encode(text);
    }

    /** What the file says, the last of each key; values that are no text are as {@link LosslessText} has them. */
    SortedMap<String, String> values() {
        SortedMap<String, String> values = new TreeMap<>();
        entries.forEach(entry -> values.put(entry.key, entry.value));
        return values;
    }

    /**
     * The value of a key.
     *
     * @throws InvalidDocumentException if it is there, and not UTF-8
     */
    Optional<SecretValue> find(String key) {
        Optional<Entry> found = last(key);
        found.filter(entry -> !LosslessText.isText(entry.value)).ifPresent(entry -> {
            throw new InvalidDocumentException(List.of(Problem.of(
                    file, entry.line, entry.column(), key, "the value is not UTF-8; encode binary values as base64")));
        });
        return found.map(entry -> SecretValue.of(entry.value));
    }

    private Optional<Entry> last(String key) {
        return entries.stream().filter(entry -> entry.key.equals(key)).reduce((first, second) -> second);
    }

    /** With this value for a key: in the place of the last entry for it, or at the end. Earlier ones of the key go. */
    EnvFile with(String key, SecretValue value) {
        String quoted = EnvQuoting.quote(value.reveal());
        Optional<Entry> old = last(key);
        StringBuilder changed = new StringBuilder(text);
        if (old.isPresent()) {
            changed.replace(old.get().from, old.get().to, quoted);
        } else {
            String lineBreak = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
            changed.append(lineBreak).append(key).append('=').append(quoted).append('\n');
        }
        remove(changed, key, old);
        SortedMap<String, String> expected = values();
        expected.put(key, value.reveal());
        return checked(changed, expected);
    }

    /** Without a key; this very object if it has none. */
    EnvFile without(String key) {
        if (last(key).isEmpty()) {
            return this;
        }
        StringBuilder changed = new StringBuilder(text);
        remove(changed, key, Optional.empty());
        SortedMap<String, String> expected = values();
        expected.remove(key);
        return checked(changed, expected);
    }

    private void remove(StringBuilder changed, String key, Optional<Entry> spared) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            Entry entry = entries.get(i);
            if (entry.key.equals(key) && !spared.equals(Optional.of(entry))) {
                changed.delete(entry.start, entry.end);
            }
        }
    }

    /** A quote that somebody forgot to close can swallow a new line, or let go of an old one. */
    private EnvFile checked(StringBuilder changed, Map<String, String> expected) {
        EnvFile result = parse(file, LosslessText.encode(changed.toString()));
        if (result.values().equals(expected)) {
            return result;
        }
        Optional<Entry> open = entries.stream()
                .filter(entry -> entry.value.startsWith("\"") || entry.value.startsWith("'"))
                .findFirst();
        throw open.<AngeeException>map(entry -> new InvalidDocumentException(List.of(Problem.of(
                        file,
                        entry.line,
                        entry.column(),
                        entry.key,
                        "a quote is opened here and not closed, so nothing can be changed safely; close it"))))
                .orElseGet(() -> new AngeeException(
                        ErrorCode.FAILED, file + " cannot be changed without changing other entries; tidy its quotes"));
    }

    /** The name of the file and its keys. */
    @Override
    public String toString() {
        return file + " " + values().keySet();
    }
}
