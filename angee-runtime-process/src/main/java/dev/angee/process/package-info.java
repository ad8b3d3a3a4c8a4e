/**
 * The local runtime: services and jobs as processes of this machine, each in a session of its own, with its output in a
 * file and a record on disk, so that they outlive the JVM that started them and any other finds them again.
 */
@org.jspecify.annotations.NullMarked
package dev.angee.process;
