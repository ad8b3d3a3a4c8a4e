package dev.angee.compose;

import dev.angee.AngeeException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an engine that has nothing to say from one that hangs: both are silent, and the system never ends the connection
 * of a process that is frozen. So the engine is asked something small while an answer keeps its reader waiting, and if it
 * does not reply either, the answer is closed. One worker for all of an engine's answers, and only while there are some.
 * Thread-safe.
 */
final class Pulse {
    private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);

    /** Something small that the engine is asked. */
    interface Question {
        /** Returns once there is a reply; throws an {@link AngeeException} if there is none. */
        void ask() throws InterruptedException;
    }

    private final ExecutorService workers;
    private final Duration silence;
    private final Question question;
    private final Set<EngineResponse> answers = ConcurrentHashMap.newKeySet();
    private boolean beating; // guarded by this

    /** @param silence how long an answer may be silent before the engine is asked */
    Pulse(ExecutorService workers, Duration silence, Question question) {
        this.workers = workers;
        this.silence = silence;
        this.question = question;
    }

    /** Looks after an answer until it is closed. */
    void watch(EngineResponse answer) {
        answers.add(answer);
        answer.whenClosed(() -> answers.remove(answer));
        synchronized (this) {
            if (!beating) {
                try {
                    var unused = workers.submit(this::run);
                } catch (RuntimeException e) {
                    answer.giveUp();
                    throw e;
                }
                beating = true;
            }
        }
    }

    private void run() {
        try {
            while (isNeeded()) {
                TimeUnit.NANOSECONDS.sleep(silence.toNanos());
                beat();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed, and so is all that was watched
        }
    }

    private synchronized boolean isNeeded() {
        beating = !answers.isEmpty();
        return beating;
    }

    private void beat() throws InterruptedException {
        List<EngineResponse> silent =
                answers.stream().filter(each -> each.isSilentFor(silence)).toList();
        if (silent.isEmpty()) {
            return;
        }
        try {
            question.ask();
        } catch (AngeeException e) {
            LOG.debug("the engine is silent and does not reply: {} of its answers are given up", silent.size(), e);
            silent.stream().filter(each -> each.isSilentFor(silence)).forEach(EngineResponse::giveUp);
        }
    }
}
