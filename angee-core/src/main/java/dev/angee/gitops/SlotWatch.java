package dev.angee.gitops;

import dev.angee.gitops.TopologyReader.Ground;
import dev.angee.gitops.TopologyReader.Place;
import dev.angee.source.BranchName;
import dev.angee.source.SourceControl;
import dev.angee.source.WorktreeFiles;
import dev.angee.workspace.Slot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks at slots, and knows which of them need not be looked at again. */
final class SlotWatch {
    private static final String LOCK = ".lock";

    private final SourceControl control;
    private final TopologyReader reader;
    private final Optional<FolderWatch<Place>> watch;
    private final long trustNanos;

    SlotWatch(SourceControl control, TopologyReader reader, Optional<FolderWatch<Place>> watch, Duration trust) {
        this.control = control;
        this.reader = reader;
        this.watch = watch;
        this.trustNanos = Nanos.of(trust);
    }

    /**
     * How a slot was found.
     *
     * @param link how it stands
     * @param at when it was looked at
     * @param declared whether its source was declared
     * @param hearing how it is watched
     * @param version the watch's version when the look began
     */
    record Seen(Link link, long at, boolean declared, Hearing hearing, long version, boolean pending) {}

    /**
     * How a slot is watched.
     *
     * @param works whether changes are heard of
     * @param since when it began, or was tried in vain
     * @param marks the tops of what is watched, and what they were: that one of them is replaced is not heard of
     * @param branches the names of the branches that it is about
     * @param pending what is there as long as nobody hears whether the one who changes something is still alive
     */
    record Hearing(
            boolean works, long since, Map<Path, String> marks, Set<BranchName> branches, Optional<Path> pending) {}

    boolean isDue(Place place, Optional<Seen> seen, Ground ground) {
        if (seen.isEmpty() || !seen.get().hearing().works() || watch.isEmpty()) {
            return true;
        }
        Seen last = seen.get();
        return last.pending()
                || isPending(last.hearing())
                || last.version() != watch.get().version(place)
                || !watch.get().isWhole(place)
                || System.nanoTime() - last.at() >= trustNanos
                || last.declared() != declared(place, ground)
                || !last.hearing().marks().equals(marks(last.hearing().marks().keySet()));
    }

    Seen look(Place place, Optional<Seen> before, Ground ground) {
        Set<BranchName> branches =
                branches(place.slot(), before.flatMap(seen -> seen.link().current()));
        Hearing hearing = hearing(place, before, branches);
        Seen seen = lookAt(place, ground, hearing);
        Set<BranchName> found = branches(place.slot(), seen.link().current());
        if (hearing.works() && !hearing.branches().containsAll(found)) {
            seen = lookAt(place, ground, listen(place, found));
        }
        return seen;
    }

    private Seen lookAt(Place place, Ground ground, Hearing hearing) {
        long version = watch.map(each -> each.version(place)).orElse(-1L);
        long at = System.nanoTime();
        boolean pending = isPending(hearing);
        return new Seen(reader.link(place, ground), at, declared(place, ground), hearing, version, pending);
    }

    private static boolean isPending(Hearing hearing) {
        return hearing.pending()
                .filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS))
                .isPresent();
    }

    private Hearing hearing(Place place, Optional<Seen> before, Set<BranchName> branches) {
        if (before.isPresent()) {
            Hearing now = before.get().hearing();
            boolean goesOn = now.works()
                    && watch.filter(each -> each.isWhole(place)).isPresent()
                    && now.branches().containsAll(branches)
                    && now.marks().equals(marks(now.marks().keySet()));
            boolean inVain = !now.works()
                    && !now.marks().isEmpty()
                    && System.nanoTime() - now.since() < trustNanos
                    && now.marks().equals(marks(now.marks().keySet()));
            if (goesOn || inVain) {
                return now;
            }
        }
        return listen(place, branches);
    }

    private Hearing listen(Place place, Set<BranchName> branches) {
        long since = System.nanoTime();
        Path worktree = place.slot().worktree().path();
        if (watch.isEmpty() || !isFolder(worktree)) {
            return new Hearing(false, since, Map.of(), branches, Optional.empty());
        }
        WorktreeFiles files;
        try {
            files = control.in(place.slot().worktree()).files();
        } catch (RuntimeException e) {
            // The look itself will say what is wrong.
            return new Hearing(false, since, Map.of(), branches, Optional.empty());
        }
        Map<Path, String> marks =
                marks(Stream.concat(Stream.of(worktree), files.state().stream()).collect(Collectors.toSet()));
        List<FolderWatch.Root> roots = new ArrayList<>();
        roots.add(new FolderWatch.Root(worktree, path -> true));
        for (Path path : files.state()) {
            if (isFolder(path)) {
                roots.add(new FolderWatch.Root(path, matters(path, files.record(), branches)));
            }
        }
        return new Hearing(watch.get().watch(place, roots), since, marks, branches, files.pending());
    }

    /** Of what all worktrees share, only what is about the slot's own branches. */
    private static Predicate<Path> matters(Path root, Path record, Set<BranchName> branches) {
        if (root.startsWith(record)) {
            // Git takes such a lock for each status; if something is to change, that is moved into place after it.
            return path -> !path.toString().endsWith(LOCK);
        }
        List<Path> names =
                branches.stream().map(branch -> Path.of(branch.value())).toList();
        return path -> names.stream().anyMatch(path::endsWith);
    }

    private static Set<BranchName> branches(Slot slot, Optional<BranchName> current) {
        return Stream.concat(Stream.of(slot.branch(), slot.base()), current.stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static boolean declared(Place place, Ground ground) {
        return ground.sources()
                .filter(sources -> !sources.containsKey(place.slot().source()))
                .isEmpty();
    }

    private static boolean isFolder(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static Map<Path, String> marks(Set<Path> paths) {
        Map<Path, String> marks = new LinkedHashMap<>();
        paths.forEach(path -> marks.put(path, mark(path)));
        return marks;
    }

    /** Which one it is; of a file, also which contents. */
    private static String mark(Path path) {
        try {
            BasicFileAttributes found =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return found.isDirectory()
                    ? "folder " + found.fileKey()
                    : "file " + found.fileKey() + " " + found.size() + " " + found.lastModifiedTime();
        } catch (IOException e) {
            return "none";
        }
    }
}
