package dev.angee.benchmarks;

import dev.angee.RuntimeKind;
import dev.angee.plan.ProjectName;
import dev.angee.runtime.Backend;
import dev.angee.runtime.BackendProvider;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** Opens another one's backends, and adds up how often each method of theirs is called, and for how long. */
final class TimedProvider implements BackendProvider {
    private final BackendProvider provider;
    private final Map<String, LongAdder> calls = new ConcurrentSkipListMap<>();
    private final Map<String, LongAdder> nanos = new ConcurrentSkipListMap<>();

    TimedProvider(BackendProvider provider) {
        this.provider = provider;
    }

    @Override
    public RuntimeKind runtime() {
        return provider.runtime();
    }

    @Override
    public Backend open(ProjectName project, Path root) {
        Backend backend = provider.open(project, root);
        return (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    long begin = System.nanoTime();
                    try {
                        return call(backend, method, arguments);
                    } finally {
                        add(method.getName(), System.nanoTime() - begin);
                    }
                });
    }

    private static Object call(Backend backend, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(backend, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private void add(String method, long time) {
        calls.computeIfAbsent(method, each -> new LongAdder()).increment();
        nanos.computeIfAbsent(method, each -> new LongAdder()).add(time);
    }

    /** Forgets what was so far. */
    void clear() {
        calls.clear();
        nanos.clear();
    }

    /** Prints a line for each method, per round. */
    void print(int rounds) {
        nanos.forEach((method, time) -> System.out.printf(
                Locale.ROOT,
                "  of which %-9s %5.1f calls, %8.1f ms%n",
                method + "()",
                calls.getOrDefault(method, new LongAdder()).doubleValue() / rounds,
                time.doubleValue() / 1e6 / rounds));
    }
}
