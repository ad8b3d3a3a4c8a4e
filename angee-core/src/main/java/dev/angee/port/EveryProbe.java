package dev.angee.port;

import java.util.List;

/** Several probes as one. */
record EveryProbe(List<PortProbe> probes) implements PortProbe {
    @Override
    public boolean isFree(int port) {
        return probes.stream().allMatch(probe -> probe.isFree(port));
    }

    @Override
    public boolean isSlow() {
        return probes.stream().anyMatch(PortProbe::isSlow);
    }

    @Override
    public PortProbe prepared() {
        return new EveryProbe(probes.stream().map(PortProbe::prepared).toList());
    }
}
