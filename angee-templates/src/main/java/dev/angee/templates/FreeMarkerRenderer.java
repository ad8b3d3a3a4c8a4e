package dev.angee.templates;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.template.TemplateIncludes;
import dev.angee.template.TemplateRenderer;
import dev.angee.template.TemplateText;
import freemarker.core.JSONCFormat;
import freemarker.core.TemplateClassResolver;
import freemarker.core._CoreAPI;
import freemarker.template.Configuration;
import freemarker.template.SimpleObjectWrapper;
import freemarker.template.Template;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import freemarker.template.Version;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Renders {@code .ftl} files with FreeMarker, in square brackets: {@code [=name]} prints an input,
 * {@code [#if mode == "dev"]…[/#if]} decides. A manifest's {@code ${…}}, YAML lists and shell tests mean nothing to it.
 *
 * <pre>{@code
 * new FreeMarkerRenderer().render("angee.yaml.ftl", "name: \"[=x?json_string]\"", Map.of("x", "a \"b\""));
 * }</pre>
 *
 * <p>Inputs are printed as they are. To put one into YAML write {@code "[=x?json_string]"}, quotes included:
 * every JSON string is a YAML string. {@code [=x?c]} is the same and brings its own quotes. An input that holds JSON is
 * read with {@code x?eval_json}. An input that does not exist is an error; {@code [=x!"default"]} and {@code [#if x??]}
 * say that it may be absent. A line that holds nothing but tags leaves no trace; begin such a line with its tag, because
 * FreeMarker keeps the indentation of the first one.
 *
 * <p>A template reaches nothing but its inputs. {@code ?new}, {@code ?api}, {@code ?eval}, {@code ?interpret},
 * {@code ?left_pad}, {@code ?right_pad}, {@code .now}, {@code #include}, {@code #import} and {@code #setting} are
 * refused where they are written. It may run for five seconds and make 16 MiB of text (as UTF-8); recursion ends where
 * the stack of its own small thread does.
 *
 * <p><b>Not bounded</b> is the memory a template takes before it prints: {@code [#assign x = x + x]} in a loop, or a
 * loop whose output is captured in a variable, can fill the heap. That is reported as {@code FAILED} too, but other
 * threads feel it. Nor can the time spent inside a single built-in be cut: the caller gets its {@code FAILED} after five
 * seconds, while a daemon thread goes on until the built-in returns, which {@code (1..)?filter(i -> false)} never does.
 * Templates from somebody you do not trust are a case for another process; but then, what a template renders says which
 * commands will run.
 *
 * <p>Thread-safe.
 */
public final class FreeMarkerRenderer implements TemplateRenderer {
    private static final Duration TIME = Duration.ofSeconds(5);
    private static final long OUTPUT_BYTES = 16L * 1024 * 1024;
    private static final int UTF_8_MOST = 3; // bytes of one char
    private static final long STACK_BYTES = 1024 * 1024;
    private static final Configuration LOCKED_DOWN = lockedDown();

    private final Duration time;
    private final long outputBytes;

    /** A renderer. */
    public FreeMarkerRenderer() {
        this(TIME, OUTPUT_BYTES);
    }

    /** With other limits, for tests that would rather not wait. */
    FreeMarkerRenderer(Duration time, long outputBytes) {
        this.time = time;
        this.outputBytes = outputBytes;
    }

    @Override
    public String suffix() {
        return ".ftl";
    }

    @Override
    public String render(TemplateText template, Map<String, ?> inputs, TemplateIncludes includes) {
        String name = template.name();
        String text = template.text();
        if (text.indexOf('[') < 0 && text.length() <= outputBytes / UTF_8_MOST) {
            return text; // without a bracket it is no template, as most parts of paths are none
        }
        // Sorted, so that neither messages nor `.data_model?keys` depend on the caller's kind of map.
        TreeMap<String, Object> given = new TreeMap<>(inputs);
        given.values()
                .removeIf(value -> value.equals(Optional.empty())); // none is what does not exist, in this language
        SortedMap<String, Object> known = Collections.unmodifiableSortedMap(given);
        Diagnosis diagnosis = new Diagnosis(name, known.keySet());
        // A thread of its own: it can be given up on, its stack can overflow, and an interrupt that is meant for it
        // does not reach the caller's other work. It costs some 50 microseconds.
        FutureTask<String> work = new FutureTask<>(() -> process(name, text, known));
        Thread worker = new Thread(null, work, "angee-template", STACK_BYTES, false);
        worker.setDaemon(true);
        worker.start();
        try {
            return work.get(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw diagnosis.of(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw diagnosis.failed("was still running after " + time.toMillis()
                    + " ms and was given up; look for a loop or a macro that does not end");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw diagnosis.failed("was interrupted; render it again");
        } finally {
            work.cancel(true);
        }
    }

    @SuppressWarnings("deprecation") // the syntax tree; see ForbiddenConstructs
    private String process(String name, String text, Map<String, Object> inputs) throws IOException, TemplateException {
        Template template = new Template(name, null, new StringReader(text), LOCKED_DOWN);
        ForbiddenConstructs.refuse(template.getRootTreeNode());
        makeInterruptible(name, template);
        BoundedText out = new BoundedText(outputBytes);
        template.process(inputs, out);
        return out.toString();
    }

    /**
     * Lets loops and macros look at the thread's interrupt flag. This is internal API of FreeMarker, and the only way it
     * has to end a loop that prints nothing: its public hooks are called for output and for errors, and Java can no
     * longer stop a thread. Should another version of FreeMarker come without it, nothing is rendered at all; a test
     * waits for the thread of an endless loop to end.
     */
    private static void makeInterruptible(String name, Template template) {
        try {
            _CoreAPI.addThreadInterruptedChecks(template);
        } catch (LinkageError e) {
            throw new AngeeException(
                    ErrorCode.UNSUPPORTED,
                    name + ": FreeMarker " + Configuration.getVersion()
                            + " cannot stop a template that runs too long; use 2.3.35",
                    e);
        }
    }

    private static Configuration lockedDown() {
        Version behaviour = Configuration.VERSION_2_3_34;
        Configuration configuration = new Configuration(behaviour); // has no template loader
        configuration.setTagSyntax(Configuration.SQUARE_BRACKET_TAG_SYNTAX);
        configuration.setInterpolationSyntax(Configuration.SQUARE_BRACKET_INTERPOLATION_SYNTAX);
        configuration.setNamingConvention(Configuration.LEGACY_NAMING_CONVENTION); // one spelling to refuse, not two
        configuration.setTabSize(1); // columns count characters
        configuration.setObjectWrapper(new SimpleObjectWrapper(behaviour));
        configuration.setNewBuiltinClassResolver(TemplateClassResolver.ALLOWS_NOTHING_RESOLVER);
        configuration.setAPIBuiltinEnabled(false);
        configuration.setLocalizedLookup(false);
        configuration.setLocale(Locale.ROOT);
        configuration.setTimeZone(TimeZone.getTimeZone("UTC"));
        configuration.setNumberFormat("c");
        configuration.setBooleanFormat("c");
        configuration.setCFormat(JSONCFormat.INSTANCE);
        configuration.setURLEscapingCharset("UTF-8");
        configuration.setAutoEscapingPolicy(Configuration.DISABLE_AUTO_ESCAPING_POLICY);
        configuration.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
        configuration.setAttemptExceptionReporter((problem, environment) -> {}); // #recover has it; no log needed
        configuration.setLogTemplateExceptions(false);
        configuration.setWrapUncheckedExceptions(true); // so that they have a line, too
        return configuration;
    }
}
