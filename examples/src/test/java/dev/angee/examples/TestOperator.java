package dev.angee.examples;

import dev.angee.instance.Angee;
import dev.angee.rest.RestAdapter;
import dev.angee.rest.RestOptions;
import dev.angee.rest.RestServer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;

/** What the image of an operator runs: the REST adapter, for a root that is mounted. */
final class TestOperator {
    private TestOperator() {}

    /** Serves until it is ended. */
    public static void main(String[] arguments) throws Exception {
        String token = Objects.requireNonNull(System.getenv("ANGEE_OPERATOR_TOKEN"));
        try (Angee angee = Angee.open(Path.of(arguments[0]));
                RestServer server = RestServer.start(
                        new RestAdapter(angee, RestOptions.defaults().token(token)), "0.0.0.0", 9000)) {
            System.out.println("serving " + angee.stack().root() + " on " + server.uri());
            new CountDownLatch(1).await();
        }
    }
}
