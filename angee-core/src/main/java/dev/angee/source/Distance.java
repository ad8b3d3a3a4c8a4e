package dev.angee.source;

/**
 * How far two commits are apart.
 *
 * @param ahead how many commits the one has that the other has not
 * @param behind how many the other has that the one has not
 */
public record Distance(int ahead, int behind) {}
