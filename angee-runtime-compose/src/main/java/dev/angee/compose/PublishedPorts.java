package dev.angee.compose;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ContainerPort;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.InternetProtocol;
import com.github.dockerjava.api.model.Ports;
import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.port.PortProbe;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TCP ports that the containers of an engine have on their host, whoever made them: those they have now, and, of
 * containers that do not run, those they will have when they are started. A range of which the engine will choose is not
 * counted; it will choose what is free then. An engine that does not answer has published nothing. Thread-safe.
 */
final class PublishedPorts implements PortProbe {
    private static final Logger LOG = LoggerFactory.getLogger(PublishedPorts.class);
    private static final Pattern ONE_PORT = Pattern.compile("\\d{1,5}");

    private final ComposeSettings settings;

    PublishedPorts(ComposeSettings settings) {
        this.settings = settings;
    }

    /** Asks the engine, and forgets what it said. */
    @Override
    public boolean isFree(int port) {
        return prepared().isFree(port);
    }

    @Override
    public boolean isSlow() {
        return true;
    }

    @Override
    public PortProbe prepared() {
        ExecutorService worker = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "angee-compose published ports");
            thread.setDaemon(true);
            return thread;
        });
        try (EngineConnection connection = new EngineConnection(settings.dockerHost())) {
            return new Known(answer(worker.submit(() -> published(connection.questions()))));
        } finally {
            worker.shutdownNow();
        }
    }

    private Map<Integer, String> answer(Future<Map<Integer, String>> question) {
        try {
            return question.get(settings.engineTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            LOG.debug("the engine at {} does not say which ports it has published", settings.dockerHost(), e);
            return Map.of();
        } catch (TimeoutException e) {
            LOG.warn(
                    "the engine at {} did not say within {} which ports it has published; they are taken for free",
                    settings.dockerHost(),
                    Deadline.spell(settings.engineTimeout()));
            return Map.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AngeeException(
                    ErrorCode.UNAVAILABLE, "interrupted while asking the engine for its published ports", e);
        } finally {
            question.cancel(true);
        }
    }

    private static Map<Integer, String> published(DockerClient client) {
        Map<Integer, String> holders = new TreeMap<>();
        for (Container each : client.listContainersCmd().withShowAll(true).exec()) {
            for (ContainerPort port : each.getPorts() == null ? new ContainerPort[0] : each.getPorts()) {
                Integer number = port.getPublicPort();
                if (number != null && "tcp".equals(port.getType())) {
                    holders.put(number, each.getNames()[0]);
                }
            }
            if (!"running".equals(each.getState())) {
                wanted(client, each.getId(), holders); // the list does not tell what one that is stopped will publish
            }
        }
        return holders;
    }

    private static void wanted(DockerClient client, String id, Map<Integer, String> holders) {
        InspectContainerResponse container;
        try {
            container = client.inspectContainerCmd(id).exec();
        } catch (NotFoundException e) {
            LOG.trace("removed since it was listed", e);
            return;
        }
        HostConfig host = container.getHostConfig();
        Ports ports = host == null ? null : host.getPortBindings();
        if (ports == null) {
            return;
        }
        for (Map.Entry<ExposedPort, Ports.Binding[]> each : ports.getBindings().entrySet()) {
            if (each.getKey().getProtocol() != InternetProtocol.TCP || each.getValue() == null) {
                continue;
            }
            for (Ports.Binding binding : each.getValue()) {
                String spec = binding.getHostPortSpec();
                if (spec != null && ONE_PORT.matcher(spec).matches()) {
                    holders.put(Integer.parseInt(spec), container.getName());
                }
            }
        }
    }

    /** What the engine has said, for one allocation. */
    private record Known(Map<Integer, String> holders) implements PortProbe {
        @Override
        public boolean isFree(int port) {
            String holder = holders.get(port);
            if (holder != null) {
                throw new ConflictException(
                        "port",
                        String.valueOf(port),
                        "the container " + holder.substring(holder.startsWith("/") ? 1 : 0)
                                + " publishes it, running or not; remove that, or use another port");
            }
            return true;
        }
    }
}
