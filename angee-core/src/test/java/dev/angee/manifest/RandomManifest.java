package dev.angee.manifest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** YAML maps as people lay them out, from a seed: comments, blank lines, braces, quotes, folded text, any line break. */
final class RandomManifest {
    private static final List<String> KEYS =
            List.of("web", "api", "a.b", "db-1", "\"quo ted\"", "'it''s'", "\"🚀\"", "x_y", "env", "größe");
    private static final List<String> SCALARS = List.of(
            "1",
            "true",
            "text",
            "'single ''q'",
            "\"dou\\\"ble # no\"",
            "\"\\U0001F680 🚀\"",
            "http://x:80/#a",
            "two words",
            "~",
            "''",
            "0x1F",
            "@@");
    private static final List<String> COMMENTS = List.of("# plain", "#", "# a: b", "# {[", "# 🚀 '\"", "#- x");

    private final Random random;
    private final StringBuilder text = new StringBuilder();
    private final List<List<String>> entries = new ArrayList<>();
    private final int step;

    private RandomManifest(long seed) {
        random = new Random(seed);
        step = 1 + random.nextInt(4);
    }

    /** The text and the paths of its entries. */
    record Document(String text, List<List<String>> entries) {}

    static Document of(long seed) {
        RandomManifest manifest = new RandomManifest(seed);
        if (manifest.random.nextInt(6) == 0) {
            manifest.flowMap(List.of(), 2, manifest.random.nextBoolean());
            manifest.text.append("\n");
        } else {
            manifest.noise(0);
            manifest.blockMap(List.of(), 0, 3);
        }
        return manifest.document();
    }

    private Document document() {
        String written = text.toString();
        if (random.nextInt(3) == 0) {
            written = written.stripTrailing();
        }
        if (random.nextInt(3) == 0) {
            written = written.replace("\n", "\r\n");
        }
        if (random.nextInt(12) == 0) {
            written = "\uFEFF" + written;
        }
        return new Document(written, List.copyOf(entries));
    }

    private void blockMap(List<String> path, int indent, int depth) {
        for (Map.Entry<String, List<String>> key : keys(path).entrySet()) {
            noise(indent);
            text.append(" ".repeat(indent)).append(key.getKey()).append(random.nextInt(8) == 0 ? " :" : ":");
            entries.add(key.getValue());
            int kind = random.nextInt(depth > 0 ? 10 : 5);
            if (kind < 5) {
                blockScalar(kind, indent);
            } else if (kind < 7) {
                text.append(' ');
                flowMap(key.getValue(), 1, random.nextInt(3) == 0 && path.isEmpty());
                endLine();
            } else if (kind == 7) {
                endLine();
                int dashes = indent + (random.nextBoolean() ? step : 0);
                for (int i = random.nextInt(2); i < 3; i++) {
                    text.append(" ".repeat(dashes)).append("- ").append(scalar());
                    endLine();
                }
            } else {
                endLine();
                blockMap(key.getValue(), indent + step, depth - 1);
            }
        }
    }

    private void blockScalar(int kind, int indent) {
        String deeper = " ".repeat(indent + step);
        switch (kind) {
            case 0 -> endLine();
            case 1 -> {
                String header = List.of("|", "|-", ">", "|+").get(random.nextInt(4));
                text.append(' ').append(header).append('\n');
                text.append(deeper).append("# text\n\n").append(deeper).append("  more: 🚀\n");
                text.append(random.nextInt(3) == 0 ? "\n" : "");
            }
            case 2 -> {
                text.append(" 'folded\n").append(deeper).append("text'");
                endLine();
            }
            default -> {
                text.append(" ".repeat(1 + random.nextInt(3))).append(scalar());
                endLine();
            }
        }
    }

    private void flowMap(List<String> path, int depth, boolean onLines) {
        String gap = onLines ? "\n    " : random.nextBoolean() ? " " : "";
        text.append('{').append(gap);
        boolean first = true;
        Map<String, List<String>> keys = random.nextInt(6) == 0 ? Map.of() : keys(path);
        for (Map.Entry<String, List<String>> key : keys.entrySet()) {
            text.append(first ? "" : onLines ? "," + (random.nextInt(3) == 0 ? " # in {\n    " : "\n    ") : ", ");
            first = false;
            entries.add(key.getValue());
            text.append(key.getKey()).append(": ");
            if (depth > 0 && random.nextInt(4) == 0) {
                flowMap(key.getValue(), depth - 1, onLines);
            } else {
                text.append(random.nextInt(5) == 0 ? "[" + scalar() + ", {a: 1}]" : scalar());
            }
        }
        text.append(!first && random.nextInt(4) == 0 ? "," : "")
                .append(onLines ? "\n  }" : gap)
                .append(onLines ? "" : "}");
    }

    private Map<String, List<String>> keys(List<String> path) {
        Map<String, List<String>> keys = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i < 4; i++) {
            String key = KEYS.get(random.nextInt(KEYS.size()));
            List<String> to = new ArrayList<>(path);
            to.add(key.startsWith("'") ? "it's" : key.replace("\"", ""));
            keys.put(key, to);
        }
        return keys;
    }

    private String scalar() {
        return SCALARS.get(random.nextInt(SCALARS.size() - 1));
    }

    private void endLine() {
        text.append(random.nextInt(4) == 0 ? "  " + comment() : random.nextInt(6) == 0 ? " " : "")
                .append('\n');
    }

    private void noise(int indent) {
        while (random.nextInt(4) == 0) {
            text.append(
                    random.nextInt(3) == 0 ? "" : " ".repeat(random.nextInt(5) == 0 ? indent + 1 : indent) + comment());
            text.append('\n');
        }
    }

    private String comment() {
        return COMMENTS.get(random.nextInt(COMMENTS.size()));
    }
}
