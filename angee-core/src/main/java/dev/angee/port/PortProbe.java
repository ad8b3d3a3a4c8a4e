package dev.angee.port;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;

/** Tells whether a port can be listened on right now. */
@FunctionalInterface
public interface PortProbe {
    /** Whether nobody listens on this TCP port. */
    boolean isFree(int port);

    /** Binds the port on all IPv4 addresses, then on all IPv6 ones where the host has those, and lets go at once. */
    static PortProbe binding() {
        return port -> canBind(StandardProtocolFamily.INET, port) && canBind(StandardProtocolFamily.INET6, port);
    }

    private static boolean canBind(StandardProtocolFamily family, int port) {
        ServerSocketChannel channel;
        try {
            channel = ServerSocketChannel.open(family);
        } catch (IOException | UnsupportedOperationException e) {
            return family == StandardProtocolFamily.INET6; // a host without IPv6 is not full
        }
        try (channel) {
            byte[] any = new byte[family == StandardProtocolFamily.INET ? 4 : 16];
            InetAddress address = InetAddress.getByAddress(any);
            channel.bind(new InetSocketAddress(address, port), 1);
            return true;
        } catch (IOException | java.nio.channels.UnsupportedAddressTypeException e) {
            return family == StandardProtocolFamily.INET6 && !hasIpv6();
        }
    }

    private static boolean hasIpv6() {
        try {
            return java.net.NetworkInterface.networkInterfaces()
                    .flatMap(java.net.NetworkInterface::inetAddresses)
                    .anyMatch(address -> !(address instanceof Inet4Address));
        } catch (IOException e) {
            return false;
        }
    }
}
