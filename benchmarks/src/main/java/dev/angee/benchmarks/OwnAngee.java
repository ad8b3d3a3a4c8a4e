package dev.angee.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/** Ours in a JVM of its own, which starts when the clock does, and ends with the processes. */
final class OwnAngee implements Contender {
    private final ProcessLoad load;
    private final String first;
    private @Nullable Process process;
    private @Nullable BufferedReader answers;

    private OwnAngee(ProcessLoad load, String first) {
        this.load = load;
        this.first = first;
    }

    /** One that brings everything up at once. */
    static OwnAngee cold(ProcessLoad load) {
        return new OwnAngee(load, "up");
    }

    /** One that has brought one process up and down, and waits to be told. */
    static OwnAngee warm(ProcessLoad load) {
        return new OwnAngee(load, "warm");
    }

    @Override
    public void prepare() {}

    @Override
    public void start() throws IOException {
        process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AngeeOwner.class.getName(),
                        load.kind().name(),
                        Integer.toString(load.many()),
                        load.folder().toString(),
                        first)
                .directory(load.folder().toFile())
                .redirectError(Redirect.appendTo(load.folder().resolve("out").toFile()))
                .start();
        answers = process.inputReader(StandardCharsets.UTF_8);
        expect(first);
    }

    /** The JVM. */
    ProcessHandle jvm() {
        return running().toHandle();
    }

    /** Tells it to do something, and waits until it is done. */
    void tell(String word) throws IOException {
        write(word);
        expect(word);
    }

    private void write(String word) throws IOException {
        OutputStream out = running().getOutputStream();
        out.write((word + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private void expect(String word) throws IOException {
        if (answers == null || !word.equals(answers.readLine())) {
            throw new IllegalStateException("it has not done: " + word + "; "
                    + Files.readString(load.folder().resolve("out")));
        }
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException("it was not started");
        }
        return process;
    }

    @Override
    public void stop() throws Exception {
        write("down");
        running().waitFor();
    }
}
