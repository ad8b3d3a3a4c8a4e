package dev.angee.template;

import dev.angee.InvalidInputException;
import dev.angee.internal.Suggestion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a template, and those that it chains, ask for. An input that none of them asks for is passed on to them, since their files may
 * see it all the same; unless it looks like one that is asked for, and no file has a use for it: then it is misspelt. Immutable.
 */
public final class AskedInputs {
    /** What a renderer or the manifest's reader evaluates begins and ends so. */
    private static final Map<String, String> EVALUATED =
            Map.of("{{", "}}", "{%", "%}", "${", "}", "[=", "]", "[#", "]", "[@", "]");

    private final Template template;
    private final List<Template> chained;

    private AskedInputs(Template template, List<Template> chained) {
        this.template = template;
        this.chained = List.copyOf(chained);
    }

    /** Those of a template that chains no others. */
    public static AskedInputs of(Template template) {
        return new AskedInputs(template, List.of());
    }

    /**
     * Those of a template and of those that it chains.
     *
     * @param chained one for each entry of its chain, in order
     */
    public static AskedInputs of(Template template, List<Template> chained) {
        return new AskedInputs(template, chained);
    }

    /** Their names. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>();
        all().forEach(each -> names.addAll(each.metadata().inputs().keySet()));
        return names;
    }

    private List<Template> all() {
        List<Template> all = new ArrayList<>(List.of(template));
        all.addAll(chained);
        return all;
    }

    /**
     * Refuses what is misspelt, also in what the chain gives.
     *
     * @param given the names that somebody has given now, without what the library gives itself
     * @param before the names of what was answered the last time: those are known
     * @throws InvalidInputException naming the input, or the template whose chain is wrong, and the input that was probably meant
     */
    public void requireSpelt(Collection<String> given, Collection<String> before) {
        requireChainSpelt();
        List<Template> all = all();
        for (String name : new TreeSet<>(given)) {
            if (!before.contains(name)) {
                misspelt(name, all).ifPresent(problem -> {
                    throw new InvalidInputException(name, "is not asked for by '" + template.ref() + "'" + problem);
                });
            }
        }
    }

    private void requireChainSpelt() {
        for (int i = 0; i < chained.size(); i++) {
            Template asking = chained.get(i);
            ChainEntry entry = template.metadata().chain().get(i);
            String where = "_angee.chain[" + i + "].inputs.";
            for (String name : entry.inputs().keySet()) {
                misspelt(name, List.of(asking)).ifPresent(problem -> {
                    throw new InvalidInputException(
                            "template",
                            "'" + template.ref() + "': " + where + name + " is not asked for by '" + asking.ref() + "'"
                                    + problem);
                });
            }
        }
    }

    /** What to say of a name, if it is. */
    private static Optional<String> misspelt(String name, List<Template> asking) {
        Set<String> asked = new TreeSet<>();
        asking.forEach(each -> asked.addAll(each.metadata().inputs().keySet()));
        boolean isMisspelt = !asked.contains(name)
                && Suggestion.nearest(asked, name).isPresent()
                && asking.stream().noneMatch(each -> isUsed(each, name));
        return isMisspelt ? Optional.of(Suggestion.among(asked, "asked for", name)) : Optional.empty();
    }

    /** Whether it stands where a file of the template, or its metadata, is evaluated. */
    private static boolean isUsed(Template template, String name) {
        Pattern word = Pattern.compile("(?<!\\w)" + Pattern.quote(name) + "(?!\\w)");
        return Stream.concat(template.files().files().stream(), template.files().shared().stream())
                .flatMap(file -> Stream.of(
                        file.path(), file.link().orElse(""), new String(file.content(), StandardCharsets.UTF_8)))
                .anyMatch(text -> EVALUATED.entrySet().stream()
                        .anyMatch(marks -> isBetween(marks.getKey(), marks.getValue(), text, word)));
    }

    /** Each character is looked at a few times at most, whatever the text is. */
    private static boolean isBetween(String open, String close, String text, Pattern word) {
        Matcher matcher = word.matcher(text);
        int begin = text.indexOf(open);
        while (begin >= 0) {
            int end = text.indexOf(close, begin + open.length());
            if (end < 0) {
                return false;
            }
            if (matcher.region(begin, end).find()) {
                return true;
            }
            begin = text.indexOf(open, end);
        }
        return false;
    }
}
