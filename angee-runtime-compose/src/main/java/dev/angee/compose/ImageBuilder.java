package dev.angee.compose;

import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.BuildResponseItem;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.ProjectName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Builds images by recipe, such as those of agents, with the engine alone: no program is started. Thread-safe.
 *
 * <pre>{@code
 * try (ImageBuilder images = ImageBuilder.open(ComposeSettings.of(System.getenv()))) {
 *     String image = images.build(new ImageRecipe("debian:12", List.of("git", "ripgrep")), Duration.ofMinutes(10), log);
 * }
 * }</pre>
 */
public final class ImageBuilder implements AutoCloseable {
    /** The label of an image that was built here; its value tells what of. */
    public static final String LABEL = "dev.angee.recipe";

    private static final String REPOSITORY = "angee/built";
    private static final int DIGITS = 16;
    private static final int LAST_LINES = 10;

    private final ExecutorService workers;
    private final Engine engine;
    private final EngineConnection connection;

    private ImageBuilder(ComposeSettings settings) {
        this.workers = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "angee-compose images");
            thread.setDaemon(true);
            return thread;
        });
        ComposeProject nobody = new ComposeProject(new ProjectName("images"), Path.of("/"));
        this.engine = new Engine(settings, nobody, workers);
        this.connection = new EngineConnection(settings.dockerHost());
    }

    /** A builder on an engine. Touches nothing yet. */
    public static ImageBuilder open(ComposeSettings settings) {
        return new ImageBuilder(settings);
    }

    /**
     * The image of a recipe, built unless the engine has it: the same recipe on the same base is built once.
     *
     * @param timeout how long it may take
     * @param output receives each line as it is written, by the thread that calls
     * @return the name to use it by, which says what it was made of and never comes to mean another image
     * @throws AngeeException {@code NOT_FOUND}, naming the base and the remedy, if the engine does not have that;
     *     {@code FAILED} with the last lines if it cannot be built, or not in time; {@code UNAVAILABLE} without an engine
     * @throws InterruptedException if interrupted; the build is then given up, and leaves no image
     */
    public String build(ImageRecipe recipe, Duration timeout, Consumer<String> output) throws InterruptedException {
        InspectImageResponse base = image(recipe.base())
                .orElseThrow(() -> new dev.angee.NotFoundException(
                        "image",
                        recipe.base(),
                        "the engine does not have it: pull it, load it with 'docker load', or begin with another"));
        String made = digest(base.getId() + "\n" + recipe.packages());
        String name = REPOSITORY + ":" + made;
        if (image(name).isPresent()) {
            return name;
        }
        String user = base.getConfig() == null ? null : base.getConfig().getUser();
        Path context = context(recipe.dockerfile(base.getId(), user == null ? "" : user));
        try (Build build = new Build(recipe)) {
            connection
                    .streams()
                    .buildImageCmd(context.toFile())
                    .withTags(Set.of(name))
                    .withLabels(Map.of(LABEL, recipe.base() + " " + String.join(" ", recipe.packages())))
                    .withRemove(true)
                    .withForcerm(true)
                    .exec(build);
            build.follow(Deadline.after(timeout), output);
        } catch (com.github.dockerjava.api.exception.DockerException e) {
            throw engine.failure("to build an image", e);
        } finally {
            delete(context);
        }
        if (image(name).isEmpty()) {
            throw new AngeeException(ErrorCode.FAILED, "the engine has built " + name + " and does not have it");
        }
        return name;
    }

    @Override
    public void close() {
        engine.close();
        connection.close();
        workers.shutdownNow();
    }

    private Optional<InspectImageResponse> image(String name) throws InterruptedException {
        return engine.ask("for an image", client -> {
            try {
                return Optional.of(client.inspectImageCmd(name).exec());
            } catch (NotFoundException e) {
                return Optional.empty();
            }
        });
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    private static Path context(String dockerfile) {
        try {
            Path folder = Files.createTempDirectory("angee-image");
            Files.writeString(folder.resolve("Dockerfile"), dockerfile);
            return folder;
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.FAILED, "cannot write what to build from: " + e, e);
        }
    }

    private static void delete(Path context) {
        context.resolve("Dockerfile").toFile().delete();
        context.toFile().delete();
    }

    /** What the engine says while it builds. Its end is an empty line of its own. */
    private final class Build extends EngineStream<BuildResponseItem> {
        private record Said(String text, boolean last) {}

        private final ImageRecipe recipe;
        private final BlockingQueue<Said> said = new LinkedBlockingQueue<>(1024);
        private final OutputTail tail = new OutputTail(4096);
        private volatile @Nullable String error;
        private volatile @Nullable Throwable broken;

        Build(ImageRecipe recipe) {
            this.recipe = recipe;
        }

        @Override
        void piece(BuildResponseItem item) throws InterruptedException {
            if (item.getErrorDetail() != null) {
                error = String.valueOf(item.getErrorDetail().getMessage());
            }
            if (item.getStream() != null) {
                for (String line : item.getStream().lines().toList()) {
                    said.put(new Said(line, false));
                }
            }
        }

        @Override
        void over(@Nullable Throwable failure) throws InterruptedException {
            broken = failure;
            said.put(new Said("", true));
        }

        void follow(Deadline deadline, Consumer<String> output) throws InterruptedException {
            while (true) {
                Said next = said.poll(Math.max(0, deadline.nanosLeft()), TimeUnit.NANOSECONDS);
                if (next == null) {
                    throw failure("it had not ended after " + Deadline.spell(deadline.limit()) + "; give it more time");
                }
                if (next.last()) {
                    break;
                }
                tail.add(next.text());
                output.accept(next.text());
            }
            if (error != null) {
                throw failure(error);
            }
            if (broken != null) {
                throw engine.failure("to build an image", broken);
            }
        }

        private AngeeException failure(String why) {
            String text = tail.text();
            var lines = text.lines().toList();
            String last = String.join("\n  ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
            return new AngeeException(
                    ErrorCode.FAILED,
                    "the image of " + recipe.base() + " with " + String.join(", ", recipe.packages())
                            + " cannot be built: " + why + ". Its last lines:\n  " + last);
        }
    }
}
