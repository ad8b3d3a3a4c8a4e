package dev.angee.git;

import java.io.IOException;

/** A piece of work on a repository, with the failures that JGit has. */
@FunctionalInterface
interface GitWork<T> {
    T run() throws IOException;
}
