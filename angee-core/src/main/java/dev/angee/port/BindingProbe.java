package dev.angee.port;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.List;

/** See {@link PortProbe#binding()}. */
final class BindingProbe implements PortProbe {
    private static final List<Place> PLACES = List.of(
            new Place(StandardProtocolFamily.INET, "0.0.0.0"),
            new Place(StandardProtocolFamily.INET6, "::"),
            // Where only Linux would refuse the wildcard for a listener on one address, these find it elsewhere too.
            new Place(StandardProtocolFamily.INET, "127.0.0.1"),
            new Place(StandardProtocolFamily.INET6, "::1"));

    /** Where to listen. An IPv4 place gets an IPv4 socket: one for both families would be another test. */
    private record Place(ProtocolFamily family, String address) {
        ServerSocketChannel open() throws IOException {
            return ServerSocketChannel.open(family);
        }

        InetSocketAddress at(int port) throws IOException {
            return new InetSocketAddress(InetAddress.getByName(address), port);
        }

        boolean isOfFamily(InetAddress other) {
            return other instanceof Inet4Address == (family == StandardProtocolFamily.INET);
        }
    }

    @Override
    public boolean isFree(int port) {
        return PLACES.stream().allMatch(place -> isFree(place, port));
    }

    private static boolean isFree(Place place, int port) {
        try (ServerSocketChannel channel = place.open()) {
            return canBind(channel, place, port);
        } catch (UnsupportedOperationException e) {
            return true; // this host, or this JVM, has no such family
        } catch (IOException e) {
            if (isMissing(place)) {
                return true;
            }
            throw new AngeeException(
                    ErrorCode.UNAVAILABLE, "cannot tell whether port " + port + " is free: " + e.getMessage(), e);
        }
    }

    private static boolean canBind(ServerSocketChannel channel, Place place, int port) throws IOException {
        try {
            channel.bind(place.at(port), 1);
            return true;
        } catch (UnsupportedAddressTypeException e) {
            return true; // a JVM that was told to do without IPv6
        } catch (BindException e) {
            return !isInUse(e, place); // else: no such address here, or not for us to listen on
        }
    }

    /**
     * Whether this is "address already in use". Java keeps the error's number to itself, and its text is in the language
     * of the system; so it is compared with what a port says that is certainly in use.
     */
    private static boolean isInUse(BindException failure, Place place) throws IOException {
        try (ServerSocketChannel held = place.open()) {
            try {
                held.bind(place.at(0), 1);
            } catch (BindException e) {
                return false; // not even a port of the system's choice: the address is not there
            }
            return refusal(place, held.getLocalAddress()).equals(failure.getMessage());
        }
    }

    private static String refusal(Place place, SocketAddress held) throws IOException {
        try (ServerSocketChannel second = place.open()) {
            second.bind(held, 1);
        } catch (BindException e) {
            return String.valueOf(e.getMessage());
        }
        throw new IOException("two can listen on one port here, so that listening tells nothing");
    }

    private static boolean isMissing(Place place) {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .noneMatch(place::isOfFamily);
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot list the network interfaces: " + e.getMessage(), e);
        }
    }
}
