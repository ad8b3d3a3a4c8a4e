package dev.angee.examples;

import dev.angee.gitops.Link;
import dev.angee.gitops.Topology;
import java.util.ArrayList;
import java.util.List;

/** Rows of text with aligned columns. */
final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... header) {
        rows.add(List.of(header));
    }

    /** Who stands where. */
    static Table of(Topology topology) {
        Table table = new Table("WORKSPACE", "SOURCE", "BRANCH", "STATE", "↑", "↓", "NOTE");
        for (Link link : topology.links()) {
            table.row(
                    link.workspace(),
                    link.source(),
                    link.branch().value(),
                    link.state().id(),
                    Integer.toString(link.ahead()),
                    Integer.toString(link.behind()),
                    link.note());
        }
        return table;
    }

    void row(String... cells) {
        rows.add(List.of(cells));
    }

    List<String> lines() {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
