package dev.angee.benchmarks;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small program that has processes: does what it is told on its input, and says so when it is done. */
public final class AngeeOwner {
    private AngeeOwner() {}

    /** Kind, number and folder of the load, then the first thing to do: {@code up}, or {@code warm} first. */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[2]);
        ProcessLoad load = new ProcessLoad(ProcessLoad.Kind.valueOf(args[0]), Integer.parseInt(args[1]), folder);
        try (EmbeddedAngee angee = new EmbeddedAngee(load);
                BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            angee.prepare();
            for (String word = args[3]; word != null && !word.equals("down"); word = input.readLine()) {
                act(word, angee, folder);
                System.out.println(word);
            }
            angee.stop();
        }
    }

    private static void act(String word, EmbeddedAngee angee, Path folder) throws Exception {
        switch (word) {
            case "up" -> angee.start();
            case "warm" -> warm(folder.resolve("warm"));
            case "gc" -> System.gc();
            default -> throw new IllegalArgumentException(word);
        }
    }

    private static void warm(Path folder) throws Exception {
        ProcessLoad one = new ProcessLoad(ProcessLoad.Kind.PLAIN, 1, folder);
        Files.createDirectories(one.up());
        try (EmbeddedAngee angee = new EmbeddedAngee(one)) {
            angee.prepare();
            angee.start();
            one.awaitAll();
            angee.stop();
        }
    }
}
