package dev.angee.rest;

import java.util.List;

/** A list, as it is sent. */
record Page<T>(List<T> nodes, int totalCount) {

    static <T> Page<T> of(List<T> all) {
        return new Page<>(all, all.size());
    }
}
