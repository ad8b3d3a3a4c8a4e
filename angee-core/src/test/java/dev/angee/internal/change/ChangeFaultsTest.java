package dev.angee.internal.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.internal.FolderRemoval;
import dev.angee.internal.HeldFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Something goes wrong at each step of a change, one after the other. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ChangeFaultsTest {
    private static final String EDIT = "somebody's edit\n";
    private static final String ID = "0123456789abcdef";

    @TempDir(factory = InMemory.class)
    Path folder;

    private Path top;
    private Path journals;
    private Path outside;
    private Map<String, String> before;
    private Map<String, String> after;

    @BeforeEach
    void makeTheTree() throws Exception {
        top = folder.resolve("top");
        journals = folder.resolve("run/changes");
        outside =
                Trees.write(folder.resolve("outside/canary"), "canary\n", 0644).getParent();
        reset();
        before = Trees.of(top);
        after = Trees.changed(before);
    }

    private void reset() throws Exception {
        FolderRemoval.of(top);
        FolderRemoval.of(journals);
        Files.createDirectories(top);
        Trees.make(top);
    }

    /** Where there is such a place: this is about order, and a disk takes its time over each step. */
    static final class InMemory implements TempDirFactory {
        private static final Path SHARED = Path.of("/dev/shm");

        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
            return Files.isWritable(SHARED)
                    ? Files.createTempDirectory(SHARED, "angee-test-")
                    : Files.createTempDirectory("angee-test-");
        }
    }

    /** As if the process were no more. */
    private static final class Death extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** As if something had failed. */
    private static final class Fault extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** What happens at a step. */
    private interface Happening {
        void at(String label) throws Exception;
    }

    /** Counts the steps, and has something happen at some. */
    private static final class Steps implements Step {
        private final List<String> seen = new ArrayList<>();
        private final Map<Integer, Happening> happenings = new TreeMap<>();
        private Optional<Death> death = Optional.empty();

        Steps on(int number, Happening happening) {
            happenings.put(number, happening);
            return this;
        }

        @Override
        public void at(String label) {
            if (death.isPresent()) {
                throw death.get(); // the dead do nothing more
            }
            seen.add(label);
            try {
                happenings.getOrDefault(seen.size(), each -> {}).at(label);
            } catch (Death e) {
                death = Optional.of(e);
                throw e;
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private FileChanges files(Step steps) {
        return new FileChanges(top, journals, () -> ID, steps, names());
    }

    /** How files get second names. */
    SecondNames names() {
        return HeldFolder::link;
    }

    private List<String> apply(Step steps) {
        return files(steps).apply("w", Trees.changes(files(label -> {})));
    }

    /** The labels of all steps when nothing goes wrong. */
    private List<String> allSteps() throws Exception {
        Steps steps = new Steps();
        assertThat(apply(steps)).isEmpty();
        assertThat(Trees.of(top)).isEqualTo(after);
        reset();
        assertThat(steps.seen).hasSizeGreaterThan(60);
        return steps.seen;
    }

    private void assertNothingIsLeft(String where) throws Exception {
        assertThat(files(label -> {}).unfinished()).as(where).isEmpty();
        assertThat(journals).as(where).isEmptyDirectory();
        assertThat(Trees.of(outside)).as(where).containsExactly(Map.entry("canary", "rw-r--r-- canary\n"));
    }

    @Test
    void a_fault_at_any_step_leaves_all_as_before_or_if_all_was_made_as_after() throws Exception {
        List<String> all = allSteps();
        int made = all.indexOf("after going on to TIDYING") + 1;
        for (int i = 1; i <= all.size(); i++) {
            String where = i + ": " + all.get(i - 1);
            Steps steps = new Steps().on(i, label -> {
                throw new Fault();
            });
            if (i <= made) {
                assertThatThrownBy(() -> apply(steps)).as(where).isInstanceOf(Fault.class);
            } else {
                assertThat(apply(steps)).as(where).singleElement().asString().contains("not tidied up yet");
                assertThat(files(label -> {}).recover("w").filter(each -> !each.completed()))
                        .isEmpty();
            }
            assertThat(Trees.of(top)).as(where).isEqualTo(i <= made ? before : after);
            assertNothingIsLeft(where);
            reset();
        }
    }

    @Test
    void an_error_of_the_machine_at_any_step_is_thrown_as_it_is_and_taken_back_or_if_all_was_made_tidied_up_later()
            throws Exception {
        List<String> all = allSteps();
        int made = all.indexOf("after going on to TIDYING") + 1;
        for (int i = 1; i <= all.size(); i++) {
            String where = i + ": " + all.get(i - 1);
            OutOfMemoryError error = new OutOfMemoryError("none left");
            Steps steps = new Steps().on(i, label -> {
                throw error;
            });
            assertThatThrownBy(() -> apply(steps)).as(where).isSameAs(error);
            if (i > made) {
                assertThat(files(label -> {}).recover("w").filter(each -> !each.completed()))
                        .as(where)
                        .isEmpty();
            }
            assertThat(Trees.of(top)).as(where).isEqualTo(i <= made ? before : after);
            assertNothingIsLeft(where);
            reset();
        }
    }

    @Test
    void an_interrupt_at_any_step_is_kept_and_leaves_nothing_between() throws Exception {
        int all = allSteps().size();
        int undone = 0;
        for (int i = 1; i <= all; i++) {
            Steps steps = new Steps().on(i, label -> Thread.currentThread().interrupt());
            boolean made = true;
            try {
                assertThat(apply(steps)).isEmpty();
            } catch (AngeeException e) {
                made = false;
                undone++;
            }
            assertThat(Thread.interrupted()).as("step " + i).isTrue();
            assertThat(Trees.of(top)).as("step " + i).isEqualTo(made ? after : before);
            assertNothingIsLeft("step " + i);
            reset();
        }
        assertThat(undone).isPositive();
    }

    @Test
    void after_a_death_at_any_step_all_is_as_before_or_as_after_and_then_nothing_is_left_to_recover() throws Exception {
        List<String> all = allSteps();
        int begun = all.indexOf("after writing the journal") + 1;
        int moving = all.indexOf("after going on to MOVING") + 1;
        for (int i = 1; i <= all.size(); i++) {
            String where = i + ": " + all.get(i - 1);
            die(i);
            FileChanges files = files(label -> {});
            boolean unfinished = i >= begun && i < all.size();
            assertThat(files.unfinished()).as(where).isEqualTo(unfinished ? List.of("w") : List.of());
            if (unfinished) {
                assertThatThrownBy(() -> files.apply("w", List.of())).as(where).isInstanceOf(ConflictException.class);
            }
            Optional<ChangeRecovery> recovery = files.recover("w");
            assertThat(recovery.isPresent()).as(where).isEqualTo(unfinished);
            assertThat(recovery.map(ChangeRecovery::completed).orElse(i >= moving))
                    .as(where)
                    .isEqualTo(i >= moving);
            assertThat(recovery.map(ChangeRecovery::kept).orElse(List.of()))
                    .as(where)
                    .isEmpty();
            assertThat(Trees.of(top)).as(where).isEqualTo(i >= moving ? after : before);
            assertThat(files.recover("w")).as(where).isEmpty();
            assertNothingIsLeft(where);
            reset();
        }
    }

    private void die(int step) {
        Steps steps = new Steps().on(step, label -> {
            throw new Death();
        });
        assertThatThrownBy(() -> apply(steps)).isInstanceOf(Death.class);
    }

    @Test
    void a_death_while_a_fault_is_taken_back_or_while_a_death_is_recovered_leaves_nothing_between() throws Exception {
        int all = allSteps().size();
        int deaths = 0;
        for (int first = 1; first <= all; first += 3) {
            boolean went = true;
            for (int second = 1; went; second += 2) {
                boolean fault = first % 2 == 0;
                went = fault ? dieTakingBack(first, second) : dieRecovering(first, second);
                deaths += went ? 1 : 0;
                String where = first + ", then " + second;
                FileChanges files = files(label -> {});
                Object unused = files.recover("w");
                assertThat(Trees.of(top)).as(where).isIn(before, after);
                assertThat(files.recover("w")).as(where).isEmpty();
                assertNothingIsLeft(where);
                reset();
            }
        }
        assertThat(deaths).isGreaterThan(200);
    }

    private boolean dieTakingBack(int fault, int later) {
        return dies(() -> apply(new Steps()
                .on(fault, label -> {
                    throw new Fault();
                })
                .on(fault + later, label -> {
                    throw new Death();
                })));
    }

    private boolean dieRecovering(int death, int later) {
        die(death);
        return dies(() -> files(new Steps().on(later, label -> {
                    throw new Death();
                }))
                .recover("w"));
    }

    private static boolean dies(Runnable work) {
        try {
            work.run();
            return false;
        } catch (Fault e) {
            return false;
        } catch (Death e) {
            return true;
        }
    }

    /** How somebody changes a file. */
    enum Edit {
        REPLACED,
        WRITTEN_OVER,
        THROUGH_AN_OPEN_HANDLE,
        DELETED
    }

    private static final List<String> EDITED =
            List.of("a/keep.txt", "b/in/only.txt", "becomes-link", "n/m/new.txt", "a/link");

    @ParameterizedTest
    @EnumSource
    void an_edit_at_any_step_is_never_lost_and_the_rest_is_as_before_or_as_after(Edit edit) throws Exception {
        int all = allSteps().size();
        for (String path : EDITED) {
            for (int i = 1; i <= all; i++) {
                String where = path + " at " + i;
                try (Editor editor = new Editor(path, edit)) {
                    List<String> told = new ArrayList<>();
                    try {
                        told.addAll(apply(new Steps().on(i, label -> editor.edit())));
                    } catch (ConflictException e) {
                        told.add(e.getMessage());
                    }
                    assertSound(path, editor, told, where);
                }
                reset();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_edit_between_a_death_at_any_step_and_the_recovery_is_never_lost(Edit edit) throws Exception {
        int all = allSteps().size();
        for (String path : EDITED) {
            for (int i = 1; i <= all; i++) {
                String where = path + " after " + i;
                try (Editor editor = new Editor(path, edit)) {
                    die(i);
                    editor.edit();
                    List<String> told = files(label -> {})
                            .recover("w")
                            .map(ChangeRecovery::kept)
                            .orElse(List.of());
                    assertSound(path, editor, told, where);
                    assertThat(files(label -> {}).recover("w")).as(where).isEmpty();
                }
                reset();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_edit_while_a_fault_is_taken_back_is_never_lost(Edit edit) throws Exception {
        List<String> all = allSteps();
        int fault = all.indexOf("before going on to TIDYING") + 1;
        for (String path : EDITED) {
            boolean more = true;
            for (int i = fault + 1; more; i++) {
                String where = path + " at " + i;
                try (Editor editor = new Editor(path, edit)) {
                    Steps steps = new Steps()
                            .on(fault, label -> {
                                throw new Fault();
                            })
                            .on(i, label -> editor.edit());
                    List<String> told = new ArrayList<>();
                    try {
                        told.addAll(apply(steps));
                    } catch (Fault | AngeeException e) {
                        told.add(e.getMessage() + "");
                    }
                    more = steps.seen.size() >= i;
                    assertSound(path, editor, told, where);
                }
                reset();
            }
        }
    }

    private void assertSound(String path, Editor editor, List<String> told, String where) throws Exception {
        Map<String, String> tree = Trees.of(top);
        if (editor.mustBeFound()) {
            assertThat(tree.values()).as(where).anyMatch(each -> each.endsWith(EDIT));
        }
        tree.keySet().stream()
                .filter(each -> each.contains(".angee-"))
                .forEach(each -> assertThat(told.toString()).as(where).contains(each));
        assertThat(others(tree, path)).as(where).isIn(others(before, path), others(after, path));
        assertNothingIsLeft(where);
    }

    /** All files but the one that was edited, and what is kept of it. */
    private static Map<String, String> others(Map<String, String> tree, String path) {
        Map<String, String> others = new TreeMap<>(tree);
        others.keySet().removeIf(each -> each.startsWith(path));
        others.values().removeIf(each -> each.endsWith(" folder"));
        return others;
    }

    /** Somebody with an editor. */
    private final class Editor implements AutoCloseable {
        private final Path file;
        private final Edit edit;
        private final Optional<FileChannel> handle;
        private boolean edited;

        Editor(String path, Edit edit) throws IOException {
            this.file = top.resolve(path);
            this.edit = edit;
            this.handle = edit == Edit.THROUGH_AN_OPEN_HANDLE && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    ? Optional.of(FileChannel.open(file, StandardOpenOption.WRITE))
                    : Optional.empty();
        }

        void edit() throws IOException {
            try {
                switch (edit) {
                    case REPLACED -> replace();
                    case WRITTEN_OVER -> overwrite();
                    case THROUGH_AN_OPEN_HANDLE -> writeThrough();
                    case DELETED -> Files.deleteIfExists(file);
                }
            } catch (NoSuchFileException e) {
                edited = false; // its folder is not there
            }
        }

        private void replace() throws IOException {
            Path draft = Files.writeString(folder.resolve("draft"), EDIT);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            edited = true;
        }

        private void overwrite() throws IOException {
            if (!Files.isSymbolicLink(file)) {
                Files.writeString(file, EDIT);
                edited = true;
            }
        }

        private void writeThrough() throws IOException {
            if (handle.isPresent()) {
                handle.get().truncate(0).write(ByteBuffer.wrap(EDIT.getBytes(StandardCharsets.UTF_8)));
                // When it has no name any more, nobody can find what is written to it.
                edited = Trees.of(top).values().stream().anyMatch(each -> each.endsWith(EDIT));
            }
        }

        boolean mustBeFound() {
            return edited;
        }

        @Override
        public void close() throws IOException {
            if (handle.isPresent()) {
                handle.get().close();
            }
        }
    }

    @Test
    void a_folder_that_is_swapped_for_a_link_at_any_step_has_nothing_written_outside() throws Exception {
        int all = allSteps().size();
        for (String swapped : List.of("a", "b", "b/in", "c", "n", "n/m")) {
            for (int i = 1; i <= all; i++) {
                String where = swapped + " at " + i;
                Path aside = folder.resolve("aside");
                Steps steps = new Steps().on(i, label -> swap(top.resolve(swapped), aside));
                assertThatCode(() -> swallowingConflicts(steps)).as(where).doesNotThrowAnyException();
                assertThat(Trees.of(outside)).as(where).containsExactly(Map.entry("canary", "rw-r--r-- canary\n"));
                assertThat(files(label -> {}).unfinished()).as(where).isEmpty();
                Map<String, String> tree = Trees.of(top);
                if (Files.exists(aside)) {
                    tree.remove(swapped);
                    tree.put(swapped, Trees.told(aside));
                    Trees.of(aside).forEach((path, what) -> tree.put(swapped + "/" + path, what));
                }
                assertThat(withoutFolders(tree)).as(where).isIn(withoutFolders(before), withoutFolders(after));
                FolderRemoval.of(aside);
                reset();
            }
        }
    }

    private static Map<String, String> withoutFolders(Map<String, String> tree) {
        Map<String, String> files = new TreeMap<>(tree);
        files.values().removeIf(each -> each.endsWith(" folder"));
        return files;
    }

    private void swap(Path place, Path aside) throws IOException {
        if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            Files.move(place, aside);
            Files.createSymbolicLink(place, outside);
        }
    }

    private void swallowingConflicts(Step steps) {
        try {
            Object unused = apply(steps);
        } catch (ConflictException e) {
            assertThat(e.kind()).isEqualTo("file");
        }
    }

    @Test
    void a_folder_that_is_swapped_between_death_and_recovery_has_nothing_written_outside() throws Exception {
        int all = allSteps().size();
        for (String swapped : List.of("a", "b/in", "n", "c")) {
            for (int i = 1; i <= all; i++) {
                Path aside = folder.resolve("aside");
                die(i);
                swap(top.resolve(swapped), aside);
                Object unused = files(label -> {}).recover("w");
                assertThat(files(label -> {}).recover("w")).isEmpty();
                assertNothingIsLeft(swapped + " after " + i);
                FolderRemoval.of(aside);
                reset();
            }
        }
    }

    @Test
    void what_cannot_be_put_back_under_a_long_name_is_left_and_told() throws Exception {
        String name = "n".repeat(250);
        Trees.write(top.resolve(name), "old\n", 0644);
        Steps steps = new Steps();
        FileChanges files = files(label -> {
            steps.at(label);
            if (label.startsWith("before moving the new " + name)) {
                try {
                    Path draft = Files.writeString(folder.resolve("draft"), EDIT);
                    Files.move(draft, top.resolve(name), StandardCopyOption.ATOMIC_MOVE);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
        assertThatThrownBy(() ->
                        files.apply("w", List.of(FileChange.write(name, files.look(name), Trees.file("new\n", 0644)))))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining(".angee-" + ID + "-0.old");
        assertThat(top.resolve(name)).hasContent(EDIT);
        assertThat(top.resolve(".angee-" + ID + "-0.old")).hasContent("old\n");
    }

    @Test
    void random_changes_with_and_without_faults_and_deaths_leave_all_as_before_or_as_after() throws Exception {
        Random random = new Random(20261128);
        int undone = 0;
        for (int round = 0; round < 300; round++) {
            FolderRemoval.of(top);
            Files.createDirectories(top);
            for (String path : paths(random)) {
                put(path, random);
            }
            Map<String, String> was = Trees.of(top);
            List<FileChange> changes = new ArrayList<>();
            for (String path : paths(random)) {
                Fingerprint found = files(label -> {}).look(path);
                if (found.canBeReplaced()) {
                    changes.add(new FileChange(path, found, content(random)));
                }
            }
            Map<String, String> wanted = wanted(was, changes);
            int fault = round % 2 == 0 ? Integer.MAX_VALUE : 1 + random.nextInt(40);
            boolean death = random.nextBoolean();
            boolean made = true;
            try {
                assertThat(files(new Steps().on(fault, label -> {
                                    if (death) {
                                        throw new Death();
                                    }
                                    throw new Fault();
                                }))
                                .apply("w", changes))
                        .hasSizeLessThan(2);
                Object unused = files(label -> {}).recover("w");
            } catch (Fault e) {
                made = false;
            } catch (Death e) {
                made = files(label -> {})
                        .recover("w")
                        .map(ChangeRecovery::completed)
                        .orElse(hasEnded(wanted));
            }
            undone += made ? 0 : 1;
            assertThat(withoutFolders(Trees.of(top)))
                    .as("round " + round)
                    .isEqualTo(made ? wanted : withoutFolders(was));
            if (!made) {
                assertThat(Trees.of(top)).as("round " + round).isEqualTo(was);
            }
            assertThat(emptied(was)).as("round " + round).containsAll(emptied(Trees.of(top)));
            assertNothingIsLeft("round " + round);
        }
        assertThat(undone).isBetween(30, 150);
    }

    /** A death before all else, or after all else, leaves nothing to recover. */
    private boolean hasEnded(Map<String, String> wanted) throws IOException {
        return withoutFolders(Trees.of(top)).equals(wanted);
    }

    private static Set<String> paths(Random random) {
        Set<String> paths = new TreeSet<>();
        for (int i = random.nextInt(12); i >= 0; i--) {
            String path = "f" + random.nextInt(3);
            for (int depth = random.nextInt(3); depth > 0; depth--) {
                path = "d" + random.nextInt(2) + "/" + path;
            }
            paths.add(path);
        }
        return paths;
    }

    private void put(String path, Random random) throws IOException {
        Optional<FileContent> content = content(random);
        if (content.isPresent() && content.get().kind() == FileContent.Kind.LINK) {
            Trees.link(top.resolve(path), content.get().link());
        } else if (content.isPresent()) {
            Trees.write(
                    top.resolve(path),
                    new String(content.get().content(), StandardCharsets.UTF_8),
                    content.get().mode());
        }
    }

    private static Optional<FileContent> content(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(FileContent.link("f" + random.nextInt(2)));
            default -> Optional.of(Trees.file("text " + random.nextInt(2), random.nextBoolean() ? 0644 : 0750));
        };
    }

    private static Map<String, String> wanted(Map<String, String> was, List<FileChange> changes) {
        Map<String, String> wanted = withoutFolders(was);
        for (FileChange change : changes) {
            wanted.remove(change.path());
            change.after()
                    .ifPresent(content -> wanted.put(
                            change.path(),
                            content.kind() == FileContent.Kind.LINK
                                    ? "link to " + content.link()
                                    : (content.mode() == 0644 ? "rw-r--r-- " : "rwxr-x--- ")
                                            + new String(content.content(), StandardCharsets.UTF_8)));
        }
        return wanted;
    }

    /** The folders of a tree with nothing in them. */
    private static Set<String> emptied(Map<String, String> tree) {
        Set<String> empty = new TreeSet<>();
        tree.forEach((path, what) -> {
            if (what.endsWith(" folder") && tree.keySet().stream().noneMatch(each -> each.startsWith(path + "/"))) {
                empty.add(path);
            }
        });
        return empty;
    }

    @Test
    void no_folder_stays_open() throws Exception {
        int all = allSteps().size();
        long open = openFiles();
        for (int i = 1; i <= all; i++) {
            Steps steps = new Steps().on(i, label -> {
                throw new Fault();
            });
            assertThat(dies(() -> apply(steps))).isFalse();
            reset();
        }
        assertThat(openFiles()).isLessThanOrEqualTo(open + 5);
    }

    private static long openFiles() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
