/**
 * The container runtime: writes a {@code docker-compose.yaml}, lets the {@code docker compose} program act on it, and
 * asks the engine itself for everything that is only looked at.
 */
@NullMarked
package dev.angee.compose;

import org.jspecify.annotations.NullMarked;
