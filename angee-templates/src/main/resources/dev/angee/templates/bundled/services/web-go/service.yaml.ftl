[#-- What the input holds, as text: a reference of the manifest's in it is none. --]
[#function literal text]
  [#return text?replace("[$]+(?=[{])", "$0$0", "r")]
[/#function]
services:
  [=service_name?c]:
    runtime: container
    image: [=image?c]
    command:
      - /srv/bin/app
[#list arguments![] as word]
      - [=word?c]
[/#list]
    mounts:
      - [=("bind://services/" + service_name + "/bin:/srv/bin:ro")?c]
[#if mount]
      - [=("workspace://" + workspace_name + (subpath == "")?then("", "/" + literal(subpath)) + ":/srv/app:ro")?c]
    workdir: /srv/app
[/#if]
    env: { PORT: "8080" }
    ports: ["127.0.0.1:[=alloc_web]:8080"]
    depends_on: { [=(service_name + "-build")?c]: { condition: completed } }
    healthcheck:
      http: { port: 8080, path: [=literal(health_path)?c] }
      interval: 500ms
      timeout: 2s
      retries: 5
      start_period: 30s
    cap_drop: [ALL]
    no_new_privileges: true
jobs:
  # On this host, with its Go and its caches: the image needs neither.
  [=(service_name + "-build")?c]:
    runtime: local
    env: { CGO_ENABLED: "0", GOOS: linux }
    command:
      - sh
      - -c
      - 'set -eu; out="$PWD/$1"; mkdir -p "$out"; cd "$2"; exec go build -trimpath -o "$out/app" -- "$3"'
      - build
      - [=("services/" + service_name + "/bin")?c]
      - [=("${workspace." + workspace_name + ".path}" + (subpath == "")?then("", "/" + literal(subpath)))?c]
      - [=literal(package)?c]
