package dev.angee.golden;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** YAML as a tree that can be changed and written again; aliases are expanded, and a key may stand in a map twice. */
final class Tree {
    private static final Pattern SAFELY_PLAIN = Pattern.compile("~|null|true|false|[-+]?[0-9][0-9a-zA-Z._]*");
    /** A document that merge keys and aliases blow up further than this is not worth a mutation. */
    private static final int MOST_NODES = 20_000;

    private static final String[] SCALARS = {
        "",
        "~",
        "null",
        "true",
        "false",
        "'true'",
        "'~'",
        "0",
        "1",
        "-1",
        "'1'",
        "80",
        "255",
        "256",
        "1000",
        "1001",
        "4096",
        "4097",
        "65535",
        "65536",
        "2147483647",
        "2147483648",
        "999999999999999",
        "1.5",
        "0.5",
        "0.001",
        "0.0001",
        "9999.999",
        "1.50",
        "1e3",
        "0x10",
        "010",
        "1_000",
        "off",
        "yes",
        "no",
        "TRUE",
        "a b",
        "a\nb",
        "web\n",
        "\u0000",
        "a\u0000b",
        "../x",
        "a..b",
        "a.lock",
        "a.",
        "-a",
        "web",
        "é",
        "😀",
        "\u00a0",
        "\u2003",
        " ",
        "{",
        "#",
        "\"",
        "`",
        "a=b",
        "a:b",
        ":b",
        "a:",
        "${name}",
        "${",
        "${nope}",
        "$${x}",
        "${ports.web}",
        "source://app:/x",
        "8080:80",
        "512m",
        "1.5g",
        "0b",
        "1h",
        "1h30m",
        "-1h",
        "1d",
        "99999999999h",
        "env:X",
        "env:",
        "2026-01-31T12:00:00Z",
        "2026-02-30T12:00:00Z",
        "2026-01-31",
        "NET_ADMIN",
        "SIGTERM",
        "on-failure:3",
        "on-failure:0",
        "8100-8199",
        "8199-8100",
        "container",
        "local",
        "git",
        "caddy",
        "path",
        "openbao",
        "healthy",
        "completed",
        "volume",
        "bind",
        "udp",
        "x".repeat(63),
        "x".repeat(64),
        "<<"
    };
    private static final String[] KEYS = {
        "",
        "web",
        "db",
        "app",
        "a b",
        "../x",
        "a..b",
        "a.lock",
        "A=B",
        "a\u0000",
        "~",
        "name",
        "type",
        "image",
        "build",
        "command",
        "runtime",
        "port",
        "target",
        "published",
        "host",
        "host_ip",
        "path",
        "repo",
        "kind",
        "condition",
        "value",
        "range",
        "source",
        "http",
        "tcp",
        "exec",
        "log",
        "anchor",
        "context",
        "files",
        "url",
        "shared",
        "container_name",
        "a: b",
        "A: \"1\"\n  command",
        "\u202e",
        "x".repeat(64)
    };

    private final List<Part> parts = new ArrayList<>();
    private final Shape shape;
    private final String text;
    private final boolean plain;

    private enum Shape {
        SCALAR,
        LIST,
        MAP
    }

    /** An item of a list, whose key is empty, or an entry of a map. */
    private record Part(String key, Tree value) {}

    private Tree(Shape shape, String text, boolean plain) {
        this.shape = shape;
        this.text = text;
        this.plain = plain;
    }

    static Tree of(Node node) {
        return of(node, new int[1]);
    }

    private static Tree of(Node node, int[] count) {
        if (count[0]++ > MOST_NODES) {
            throw new IllegalArgumentException("too large");
        }
        if (node instanceof ScalarNode scalar) {
            return new Tree(Shape.SCALAR, scalar.getValue(), scalar.getScalarStyle() == ScalarStyle.PLAIN);
        }
        if (node instanceof SequenceNode list) {
            Tree tree = new Tree(Shape.LIST, "", false);
            list.getValue().forEach(item -> tree.parts.add(new Part("", of(item, count))));
            return tree;
        }
        Tree tree = new Tree(Shape.MAP, "", false);
        for (NodeTuple tuple : ((MappingNode) node).getValue()) {
            String key = ((ScalarNode) tuple.getKeyNode()).getValue();
            tree.parts.add(new Part(key, of(tuple.getValueNode(), count)));
        }
        return tree;
    }

    /** A copy with one random change, which may take a part of another tree. */
    Tree mutated(Random random, Tree other) {
        Tree copy = copy();
        List<Tree> inner = new ArrayList<>();
        copy.collect(inner);
        inner.removeIf(tree -> tree.parts.isEmpty());
        if (inner.isEmpty()) {
            return copy;
        }
        Tree at = inner.get(random.nextInt(inner.size()));
        int index = random.nextInt(at.parts.size());
        Part part = at.parts.get(index);
        switch (random.nextInt(8)) {
            case 0 -> at.parts.remove(index);
            case 1 -> at.parts.add(random.nextInt(at.parts.size() + 1), part);
            case 2 -> at.parts.set(index, new Part(KEYS[random.nextInt(KEYS.length)], part.value));
            case 3 -> at.parts.set(index, new Part(part.key, swapped(part.value, random)));
            case 4 -> at.parts.set(index, new Part(part.key, other.random(random)));
            case 5 -> at.parts.add(other.randomPart(random, at.shape));
            default -> at.parts.set(index, new Part(part.key, scalar(random)));
        }
        return copy;
    }

    /** Every tree that is like this one but for a single place: another value there, no value, one more key. */
    List<Tree> neighbours() {
        List<Tree> neighbours = new ArrayList<>();
        List<Tree> inner = new ArrayList<>();
        collect(inner);
        for (int at = 0; at < inner.size(); at++) {
            for (int index = 0; index < inner.get(at).parts.size(); index++) {
                neighbours.add(changed(at, index, null));
                neighbours.add(changed(at, index, new Tree(Shape.LIST, "", false)));
                neighbours.add(changed(at, index, new Tree(Shape.MAP, "", false)));
                for (String text : SCALARS) {
                    neighbours.add(changed(at, index, scalar(text)));
                }
            }
            if (inner.get(at).shape == Shape.MAP) {
                for (String key : KEYS) {
                    Tree copy = copy();
                    copy.nth(at).parts.add(new Part(key, scalar("x")));
                    neighbours.add(copy);
                }
            }
        }
        return neighbours;
    }

    private Tree changed(int at, int index, @Nullable Tree value) {
        Tree copy = copy();
        List<Part> into = copy.nth(at).parts;
        Part part = into.remove(index);
        if (value != null) {
            into.add(index, new Part(part.key, value));
        }
        return copy;
    }

    private Tree nth(int index) {
        List<Tree> inner = new ArrayList<>();
        collect(inner);
        return inner.get(index);
    }

    private static Tree scalar(Random random) {
        return scalar(SCALARS[random.nextInt(SCALARS.length)]);
    }

    private static Tree scalar(String text) {
        return text.startsWith("'") && text.length() > 1
                ? new Tree(Shape.SCALAR, text.substring(1, text.length() - 1), false)
                : new Tree(Shape.SCALAR, text, true);
    }

    private static Tree swapped(Tree value, Random random) {
        if (random.nextInt(3) == 0) {
            return new Tree(random.nextBoolean() ? Shape.LIST : Shape.MAP, "", false);
        }
        Tree wrapped = new Tree(random.nextBoolean() ? Shape.LIST : Shape.MAP, "", false);
        wrapped.parts.add(new Part(KEYS[random.nextInt(KEYS.length)], value));
        return value.parts.isEmpty() || random.nextBoolean() ? wrapped : value.parts.get(0).value;
    }

    private Tree random(Random random) {
        List<Tree> inner = new ArrayList<>();
        collect(inner);
        return inner.get(random.nextInt(inner.size())).copy();
    }

    private Part randomPart(Random random, Shape wanted) {
        List<Tree> inner = new ArrayList<>();
        collect(inner);
        inner.removeIf(tree -> tree.parts.isEmpty() || tree.shape != wanted);
        if (inner.isEmpty()) {
            return new Part(KEYS[random.nextInt(KEYS.length)], scalar(random));
        }
        Tree at = inner.get(random.nextInt(inner.size()));
        Part part = at.parts.get(random.nextInt(at.parts.size()));
        return new Part(part.key, part.value.copy());
    }

    private void collect(List<Tree> into) {
        into.add(this);
        parts.forEach(part -> part.value.collect(into));
    }

    private Tree copy() {
        Tree copy = new Tree(shape, text, plain);
        parts.forEach(part -> copy.parts.add(new Part(part.key, part.value.copy())));
        return copy;
    }

    /** As YAML, on one line. */
    String write() {
        StringBuilder out = new StringBuilder();
        write(out);
        return out.append('\n').toString();
    }

    private void write(StringBuilder out) {
        if (shape == Shape.SCALAR) {
            out.append(
                    plain && text.isEmpty()
                            ? "~"
                            : plain && SAFELY_PLAIN.matcher(text).matches() ? text : quoted(text));
            return;
        }
        out.append(shape == Shape.MAP ? "{" : "[");
        for (int i = 0; i < parts.size(); i++) {
            out.append(i == 0 ? "" : ", ");
            if (shape == Shape.MAP) {
                out.append(quoted(parts.get(i).key)).append(": ");
            }
            parts.get(i).value.write(out);
        }
        out.append(shape == Shape.MAP ? "}" : "]");
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                out.append('\\').appendCodePoint(c);
            } else if (c < 0x20 || (c >= 0x7f && c < 0x10000)) {
                out.append(String.format("\\u%04x", c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.append('"').toString();
    }
}
