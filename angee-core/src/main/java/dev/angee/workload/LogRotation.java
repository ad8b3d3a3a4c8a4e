package dev.angee.workload;

/**
 * How much of a workload's output is kept on disk.
 *
 * @param maxSize bytes after which a new file is begun
 * @param maxFiles how many files are kept, at least 1
 */
public record LogRotation(long maxSize, int maxFiles) {}
