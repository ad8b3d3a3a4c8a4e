package dev.angee.manifest;

import dev.angee.expression.Expression;
import dev.angee.internal.yaml.MappingReader;
import dev.angee.internal.yaml.MappingReader.ListForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/** Reads {@code mounts}: a line or a list of lines, and maps with {@code type}, {@code source} and {@code target}. */
final class MountReader {
    private static final String KEY = "mounts";

    private MountReader() {}

    static List<MountSpec> read(MappingReader entry) {
        List<MountSpec> mounts = new ArrayList<>();
        entry.items(KEY, ListForm.OR_SCALAR, (path, item) -> {
            if (item instanceof MappingNode) {
                MappingReader map = entry.nested(item, path);
                mount(map).ifPresent(mounts::add);
                map.finish();
            } else {
                entry.expression(item, path).map(MountSpec.Line::new).ifPresent(mounts::add);
            }
        });
        return mounts;
    }

    private static Optional<MountSpec> mount(MappingReader map) {
        Optional<String> type =
                map.required("type").isPresent() ? map.word("type", List.of("volume", "bind")) : Optional.empty();
        Optional<Expression> source = map.expression("source");
        Optional<Expression> target = map.expression("target");
        for (String key : List.of("source", "target")) {
            if (!map.has(key)) {
                map.missing("'" + key + "' is missing");
            }
        }
        boolean readOnly = map.flag("read_only");
        boolean ro = map.flag("ro");
        return type.isPresent() && source.isPresent() && target.isPresent()
                ? Optional.of(new MountSpec.Fields(type.get(), source.get(), target.get(), readOnly || ro))
                : Optional.empty();
    }
}
