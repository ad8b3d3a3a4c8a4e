package dev.angee.compose;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clients of one engine, made when first needed: one for questions and one for streams, because each open stream
 * keeps a connection of its client's pool, and a client without a free one waits for ever. Thread-safe.
 */
final class EngineConnection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineConnection.class);
    private static final int QUESTIONS = 32;
    private static final int STREAMS = 10_000;

    private final String host;
    private @Nullable DockerClient questions;
    private @Nullable DockerClient streams;
    private volatile boolean closed;

    EngineConnection(String host) {
        this.host = host;
    }

    synchronized DockerClient questions() {
        DockerClient client = questions == null ? connect(QUESTIONS) : questions;
        questions = client;
        return client;
    }

    synchronized DockerClient streams() {
        DockerClient client = streams == null ? connect(STREAMS) : streams;
        streams = client;
        return client;
    }

    /** Whether nothing can be asked any more. */
    boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized void close() {
        closed = true;
        close(questions);
        close(streams);
        questions = null;
        streams = null;
    }

    private static void close(@Nullable DockerClient client) {
        if (client != null) {
            try {
                client.close();
            } catch (IOException e) {
                LOG.debug("a client of the engine did not close cleanly", e);
            }
        }
    }

    private DockerClient connect(int connections) {
        if (closed) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "the container backend was closed");
        }
        // Not createDefaultConfigBuilder: that one reads the environment and files of the user's home.
        DefaultDockerClientConfig config = new DefaultDockerClientConfig.Builder()
                .withDockerHost(host)
                .withDockerTlsVerify(false)
                .build();
        return DockerClientImpl.getInstance(
                config,
                new ZerodepDockerHttpClient.Builder()
                        .dockerHost(URI.create(host))
                        .maxConnections(connections)
                        .build());
    }
}
