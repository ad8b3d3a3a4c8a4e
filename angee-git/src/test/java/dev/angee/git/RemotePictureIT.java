package dev.angee.git;

import static dev.angee.git.RealGit.git;
import static dev.angee.git.RealGit.write;
import static dev.angee.git.Remote.MAIN;
import static dev.angee.git.Remote.WORK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.source.BranchName;
import dev.angee.source.FetchOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a fetch has found, and what a push has done meanwhile. */
class RemotePictureIT {
    @TempDir
    Path folder;

    private Remote remote;
    private Cache cache;
    private ObjectId first;
    private ObjectId second;
    private ObjectId third;

    @BeforeEach
    void fetch() throws Exception {
        remote = Remote.in(folder);
        first = commit("one");
        new JGitSourceControl().fetch(remote.url(), remote.cache(), FetchOptions.defaults());
        second = commit("two");
        third = commit("three");
        git(remote.cache(), "fetch", "-q", remote.origin().toString(), "main");
        cache = new Cache(remote.cache());
    }

    private ObjectId commit(String text) throws IOException, InterruptedException {
        write(remote.others().resolve("a.txt"), text + "\n");
        remote.commitAll();
        return ObjectId.fromString(git(remote.others(), "rev-parse", "HEAD"));
    }

    private RemotePicture picture() throws IOException {
        try (Repository repository = cache.open()) {
            return RemotePicture.of(cache, repository);
        }
    }

    private void moved(BranchName branch, Optional<ObjectId> before, ObjectId commit) throws IOException {
        try (Repository repository = cache.open()) {
            new RemoteRefs(repository).moved(branch, before, commit);
        }
    }

    private Optional<ObjectId> known(BranchName branch) throws IOException {
        try (Repository repository = cache.open()) {
            return new RemoteRefs(repository).find(branch);
        }
    }

    private static Fetched found(Map<String, ObjectId> branches) {
        return new Fetched(branches, Map.of(), Set.of(), Optional.of("main"));
    }

    @Test
    void what_was_pushed_while_a_fetch_talked_to_the_remote_stays() throws Exception {
        RemotePicture before = picture();
        moved(MAIN, Optional.of(first), second);
        moved(WORK, Optional.empty(), second);
        before.become(found(Map.of("main", first, "topic", first)));
        assertThat(known(MAIN)).contains(second);
        assertThat(known(WORK)).contains(second);
        assertThat(known(BranchName.of("topic"))).contains(first);
        picture().become(found(Map.of("main", third)));
        assertThat(known(MAIN)).contains(third);
        assertThat(known(WORK)).isEmpty();
    }

    @Test
    void what_others_put_on_top_of_a_push_is_seen_by_a_fetch_that_was_under_way() throws Exception {
        RemotePicture before = picture();
        moved(MAIN, Optional.of(first), second);
        moved(WORK, Optional.empty(), second);
        before.become(found(Map.of("main", third, WORK.value(), third)));
        assertThat(known(MAIN)).contains(third);
        assertThat(known(WORK)).contains(third);
    }

    @Test
    void what_cannot_be_beside_what_was_pushed_meanwhile_is_left_out() throws Exception {
        RemotePicture before = picture();
        moved(BranchName.of("a"), Optional.empty(), second);
        before.become(found(Map.of("main", first, "a/b", first)));
        assertThat(known(BranchName.of("a"))).contains(second);
        assertThat(known(BranchName.of("a/b"))).isEmpty();
        RealGit.assertSound(remote.cache());
    }

    @Test
    void a_push_that_ends_after_a_fetch_has_seen_more_takes_nothing_back() throws Exception {
        picture().become(found(Map.of("main", third)));
        moved(MAIN, Optional.of(first), second);
        assertThat(known(MAIN)).as("the fetch has seen what others put on top").contains(third);
        picture().become(found(Map.of("main", first)));
        moved(MAIN, Optional.of(third), second);
        assertThat(known(MAIN)).as("the fetch had looked before").contains(second);
        moved(MAIN, Optional.of(second), first);
        assertThat(known(MAIN)).as("taken back").contains(first);
    }
}
