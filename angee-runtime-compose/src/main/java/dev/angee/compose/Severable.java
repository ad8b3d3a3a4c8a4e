package dev.angee.compose;

import dev.angee.AngeeException;

/** A stream that can end under its reader. */
interface Severable {
    /** Frees what it holds. Its reader still gets what has come by then, and then is told why there is no more. */
    void sever(AngeeException why);
}
