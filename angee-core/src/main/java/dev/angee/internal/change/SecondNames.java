package dev.angee.internal.change;

import dev.angee.internal.HeldFolder;
import java.io.IOException;

/** How a file gets a second name; a test has it fail, as where such names cannot be had. */
@FunctionalInterface
interface SecondNames {
    /** As {@link HeldFolder#link}. */
    boolean give(HeldFolder folder, String name, HeldFolder workshop, String second) throws IOException;
}
