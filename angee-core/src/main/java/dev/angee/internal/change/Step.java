package dev.angee.internal.change;

/** Told before and after each step of a change that a death could fall behind; for tests, which die there. */
@FunctionalInterface
interface Step {
    void at(String label);
}
