package dev.angee.git;

import dev.angee.source.FetchProgress;
import org.eclipse.jgit.lib.ProgressMonitor;

/** Tells a {@link FetchProgress} what JGit tells; an interrupt of the thread cancels what JGit does. */
final class ProgressBridge implements ProgressMonitor {
    private static final int ALL = 100;

    private final FetchProgress progress;
    private String task = "";
    private int total;
    private int done;
    private int told;

    ProgressBridge(FetchProgress progress) {
        this.progress = progress;
    }

    @Override
    public void start(int totalTasks) {
        // How many tasks there are is of no use to anybody.
    }

    @Override
    public void beginTask(String title, int totalWork) {
        task = title;
        total = totalWork;
        done = 0;
        told = total == UNKNOWN ? -1 : 0;
        progress.at(task, told);
    }

    @Override
    public void update(int completed) {
        if (total == UNKNOWN) {
            return;
        }
        done += completed;
        int percent = (int) Math.min(ALL, (long) done * ALL / total);
        if (percent > told) {
            told = percent;
            progress.at(task, percent);
        }
    }

    @Override
    public void endTask() {
        // The next task, or the end of the call, says as much.
    }

    @Override
    public boolean isCancelled() {
        return Thread.currentThread().isInterrupted();
    }

    @Override
    public void showDuration(boolean enabled) {
        // Durations are not shown.
    }
}
