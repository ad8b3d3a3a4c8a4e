package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the host reaches by a route of its own, so that no network may be there. */
final class HostRoutes {
    /** Linux's table of IPv4 routes. */
    static final Path TABLE = Path.of("/proc/net/route");

    /** A wider one is the way to everything else; some VPNs have it in two halves. */
    private static final int WIDEST = 8;

    private static final int DESTINATION = 1;
    private static final int MASK = 7;

    private HostRoutes() {}

    /** The blocks that the table has routes for; none on a system without it. */
    static List<Subnet> read(Path table) {
        if (!Files.exists(table)) {
            return List.of();
        }
        try {
            return parse(Files.readAllLines(table));
        } catch (IOException e) {
            throw new AngeeException(
                    ErrorCode.FAILED, "cannot read the routes of this host in " + table + ": " + e.getMessage(), e);
        }
    }

    /** Addresses and masks are numbers of the machine's own byte order, in hexadecimal. */
    static List<Subnet> parse(List<String> lines) {
        List<Subnet> routes = new ArrayList<>();
        for (String line : lines) {
            String[] columns = line.strip().split("\\s+", -1);
            if (columns.length > MASK && columns[DESTINATION].matches("[0-9A-Fa-f]{8}")) {
                int prefix = Integer.bitCount(Integer.parseUnsignedInt(columns[MASK], 16));
                if (prefix >= WIDEST) {
                    routes.add(Subnet.around(address(columns[DESTINATION]), prefix));
                }
            }
        }
        return routes;
    }

    private static long address(String hexadecimal) {
        int number = Integer.parseUnsignedInt(hexadecimal, 16);
        boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        return Integer.toUnsignedLong(little ? Integer.reverseBytes(number) : number);
    }
}
