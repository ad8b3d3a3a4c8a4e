version: 1
kind: stack
name: [=name?c]
operator:
  url: "http://operator:9000"
  domain: [=domain?c]
[#if edge]
ingress:
  type: caddy
  routing: host
  tls: [=tls?c]
  domain: [=domain?c]
[#if tls == "off"]
  port: [=edge_port]
[/#if]
  image: [=edge_image?c]
[/#if]
secrets:
  operator-token: { generated: true }
  operator-jwt: { generated: true }
[#if database]
  platform-db: { generated: true }
[/#if]
[#if !edge || database]
ports:
[#if !edge]
  operator: { value: [=operator_port] }
[/#if]
[#if database]
  platform-db: { value: [=database_port] }
[/#if]
[/#if]
volumes:
  operator-state: {}
[#if database]
  platform-db: {}
[/#if]
services:
  operator:
    runtime: container
    image: [=operator_image?c]
[#if operator_command?has_content]
    command:
[#list operator_command as word]
      - [=word?c]
[/#list]
[/#if]
    # What commands the engine is as good as root on this host.
    docker_access: socket
    mounts:
      - "bind://.:/srv/angee"
      - "volume://operator-state:/var/lib/angee"
    workdir: /srv/angee
    env:
      XDG_STATE_HOME: /var/lib/angee
      ANGEE_OPERATOR_TOKEN: "${secret.operator-token}"
      ANGEE_OPERATOR_JWT_SECRET: "${secret.operator-jwt}"
[#if edge]
    route: { port: 9000, auth: none } # it looks at tokens itself
[#else]
    ports: ["127.0.0.1:${ports.operator}:9000"]
[/#if]
    healthcheck:
      http: { port: 9000, path: /healthz }
      interval: 2s
      timeout: 5s
      retries: 5
      start_period: 60s
    restart: unless-stopped
[#if database]
  platform-db:
    runtime: container
    image: [=database_image?c]
    mounts: ["volume://platform-db:/var/lib/postgresql/data"]
    env:
      PGDATA: /var/lib/postgresql/data/pgdata
      POSTGRES_USER: platform
      POSTGRES_DB: platform
      POSTGRES_PASSWORD: "${secret.platform-db}"
    ports: ["127.0.0.1:${ports.platform-db}:5432"]
    healthcheck:
      exec: [pg_isready, -q, -h, 127.0.0.1, -U, platform]
      interval: 2s
      timeout: 5s
      retries: 5
      start_period: 60s
    stop_signal: SIGINT
    restart: unless-stopped
[/#if]
