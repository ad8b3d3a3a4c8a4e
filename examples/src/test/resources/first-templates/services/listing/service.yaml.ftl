services:
  [=service_name?c]:
    runtime: local
    workdir: [=("services/" + service_name + "/public")?c]
    command: [sh, -c, [=serve?c]]
    env: { PORT: "[=alloc_listing]" }
    depends_on: { [=(service_name + "-list")?c]: { condition: completed } }
    healthcheck: { http: { port: [=alloc_listing], path: / }, interval: 200ms, start_period: 30s }
jobs:
  [=(service_name + "-list")?c]:
    runtime: local
    command:
      - sh
      - [=("services/" + service_name + "/list.sh")?c]
      - [=("${workspace." + workspace_name + ".path}/" + subpath)?c]
      - [=("services/" + service_name + "/public")?c]
