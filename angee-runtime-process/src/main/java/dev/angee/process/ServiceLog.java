package dev.angee.process;

import java.nio.file.Path;

/**
 * Where a process writes to.
 *
 * @param workload whose output it is; several files may be of one workload
 * @param file the log
 */
record ServiceLog(String workload, Path file) {}
