package dev.angee.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SlowWorktreesTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final SlowWorktrees slow = new SlowWorktrees(now::get);

    @Test
    void a_worktree_is_slow_for_a_spell() {
        slow.add(Path.of("/a"));
        assertThat(slow.contains(Path.of("/a"))).isTrue();
        assertThat(slow.contains(Path.of("/b"))).isFalse();
        now.addAndGet(SlowWorktrees.SPELL.toNanos());
        assertThat(slow.contains(Path.of("/a"))).isTrue();
        now.incrementAndGet();
        assertThat(slow.contains(Path.of("/a"))).isFalse();
    }

    @Test
    void only_so_many_are_remembered_and_the_oldest_is_forgotten() {
        for (int i = 0; i <= SlowWorktrees.MOST; i++) {
            slow.add(Path.of("/w" + i));
        }
        assertThat(slow.contains(Path.of("/w0"))).isFalse();
        assertThat(slow.contains(Path.of("/w1"))).isTrue();
        assertThat(slow.contains(Path.of("/w" + SlowWorktrees.MOST))).isTrue();
    }
}
