package dev.angee.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.angee.plan.PlannedMount;
import dev.angee.source.CloneFiles;
import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import dev.angee.source.WorktreeClone;
import dev.angee.source.WorktreeFiles;
import dev.angee.source.WorktreeOperations;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an agent's container is given of its worktree's repository. */
class RepositoryAccessTest {
    private static final Path CACHE = Path.of("/srv/cache.git");
    private static final Path RECORDS = CACHE.resolve("worktrees");
    private static final Path RECORD = RECORDS.resolve("w");
    private static final Worktree WORKTREE = new Worktree(CACHE, Path.of("/srv/w"));
    private static final WorktreeFiles FILES =
            new WorktreeFiles(RECORD, List.of(CACHE.resolve("config"), RECORD.resolve("commondir")), List.of(RECORD));

    private final SourceControl control = mock();
    private final WorktreeOperations operations = mock();

    @BeforeEach
    void knowTheWorktree() {
        when(control.in(WORKTREE)).thenReturn(operations);
        when(operations.files()).thenReturn(FILES);
    }

    @Test
    void none_gives_nothing() {
        assertThat(RepositoryAccess.NONE.mounts(WORKTREE, control)).isEmpty();
    }

    @Test
    void shared_gives_the_whole_cache_at_its_own_path() {
        assertThat(RepositoryAccess.SHARED.mounts(WORKTREE, control)).containsExactly(bind(CACHE, false));
    }

    @Test
    void guarded_covers_what_decides_what_git_runs_and_the_records_of_other_worktrees() {
        assertThat(RepositoryAccess.GUARDED.mounts(WORKTREE, control))
                .containsExactly(
                        bind(CACHE, false),
                        bind(RECORDS, true),
                        bind(RECORD, false),
                        bind(CACHE.resolve("config"), true),
                        bind(RECORD.resolve("commondir"), true));
    }

    @Test
    void clone_gives_the_cloned_repository_alone_and_objects_to_read() {
        WorktreeClone clone = mock();
        when(operations.ownClone()).thenReturn(clone);
        Path own = Path.of("/srv/clones/w/git");
        Path pointer = Path.of("/srv/clones/w/pointer");
        when(clone.offer()).thenReturn(new CloneFiles(own, pointer, CACHE.resolve("objects")));
        assertThat(RepositoryAccess.CLONE.mounts(WORKTREE, control))
                .containsExactly(
                        bind(CACHE.resolve("objects"), true),
                        bind(own, false),
                        new PlannedMount.Bind(pointer, "/workspace/.git", true));
    }

    private static PlannedMount bind(Path path, boolean readOnly) {
        return new PlannedMount.Bind(path, path.toString(), readOnly);
    }
}
