package dev.angee.benchmarks;

/** Manifests of any size. */
final class Manifests {
    private Manifests() {}

    /** Services in containers, each with variables, a mount, a health check, and a dependency on another. */
    static String containers(int services) {
        StringBuilder manifest = new StringBuilder("""
                name: shop
                ports: { web: { value: 8080 } }
                volumes: { data: {} }
                secrets: { token: { generated: true } }
                services:
                """);
        for (int i = 0; i < services; i++) {
            manifest.append("  s").append(i).append(":\n    runtime: container\n    image: busybox\n");
            manifest.append("    command: [serve, --port, \"${ports.web}\", --name, \"${name | upper}\"]\n");
            manifest.append(
                    "    env: { URL: \"http://127.0.0.1:${ports.web}/\", MODE: dev, TOKEN: \"${secret.token}\" }\n");
            manifest.append("    mounts: [\"volume://data:/data\"]\n");
            manifest.append("    healthcheck: { exec: [\"true\"], interval: 1s }\n");
            if (i > 0) {
                manifest.append("    depends_on: [s").append(i / 2).append("]\n");
            }
        }
        return manifest.toString();
    }
}
