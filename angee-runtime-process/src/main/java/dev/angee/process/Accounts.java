package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The users and groups of this machine, as its {@code passwd} and {@code group} files name them at this moment. */
final class Accounts {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,10}");
    /** The kernel's "no such id". */
    private static final long NOBODY = 0xFFFF_FFFFL;

    private final Path folder;

    /** Those of a folder, which is {@code /etc}. */
    Accounts(Path folder) {
        this.folder = folder;
    }

    /**
     * One user.
     *
     * @param name the login name
     * @param uid the number of the user
     * @param gid the number of the user's own group
     * @param home the home folder
     * @param shell the login shell, empty for the standard one
     */
    record Account(String name, long uid, long gid, String home, String shell) {}

    /** The user with this name, or with this number where none has it as a name. */
    Optional<Account> user(String nameOrNumber) {
        return line("passwd", 7, nameOrNumber).map(f -> new Account(f[0], number(f[2]), number(f[3]), f[5], f[6]));
    }

    /** The number of the group with this name, or this number itself. */
    OptionalLong group(String nameOrNumber) {
        Optional<String[]> known = line("group", 4, nameOrNumber);
        return known.isPresent() ? OptionalLong.of(number(known.get()[2])) : id(nameOrNumber);
    }

    /** A text that is the number of a user or group. */
    static OptionalLong id(String text) {
        if (!NUMBER.matcher(text).matches() || number(text) >= NOBODY) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(number(text));
    }

    private Optional<String[]> line(String file, int fields, String nameOrNumber) {
        List<String[]> entries = read(folder.resolve(file)).stream()
                .map(line -> line.split(":", -1))
                .filter(line -> line.length == fields && id(line[2]).isPresent())
                .filter(line -> fields < 7 || id(line[3]).isPresent())
                .toList();
        OptionalLong wanted = id(nameOrNumber);
        Predicate<String[]> byNumber = line -> wanted.isPresent() && number(line[2]) == wanted.getAsLong();
        return entries.stream()
                .filter(line -> line[0].equals(nameOrNumber))
                .findFirst()
                .or(() -> entries.stream().filter(byNumber).findFirst());
    }

    private static long number(String digits) {
        return Long.parseLong(digits);
    }

    private static List<String> read(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new AngeeException(
                    ErrorCode.UNAVAILABLE, "the users of this machine cannot be read: " + e.getMessage(), e);
        }
    }
}
