package dev.angee.workload;

/** Whether a container may command the engine that runs it. */
public enum DockerAccess {
    /** It may not. */
    NONE,
    /** It sees the engine's socket, and so is as good as root on the host. */
    SOCKET
}
