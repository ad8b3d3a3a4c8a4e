[#-- What the input holds, as text: a reference of the manifest's in it is none. --]
[#function literal text]
  [#return text?replace("[$]+(?=[{])", "$0$0", "r")]
[/#function]
services:
  [=service_name?c]:
    runtime: container
    image: [=image?c]
    command: [php, -S, "0.0.0.0:8080", -t, [=("/srv/app/" + literal(docroot))?c]]
    mounts:
      - [=("workspace://" + workspace_name + (subpath == "")?then("", "/" + literal(subpath)) + ":/srv/app")?c]
    workdir: /srv/app
    env: { PHP_CLI_SERVER_WORKERS: "4" }
    ports: ["127.0.0.1:[=alloc_web]:8080"]
[#if build?has_content]
    depends_on: { [=(service_name + "-build")?c]: { condition: completed } }
[/#if]
    healthcheck:
      http: { port: 8080, path: [=literal(health_path)?c] }
      interval: 500ms
      timeout: 2s
      retries: 5
      start_period: 30s
    cap_drop: [ALL]
    no_new_privileges: true
[#if build?has_content]
jobs:
  # On this host, with its PHP, its caches and its keys: the image needs none.
  [=(service_name + "-build")?c]:
    runtime: local
    workdir: [=("workspace://" + workspace_name + (subpath == "")?then("", "/" + literal(subpath)))?c]
    command:
[#list build as word]
      - [=word?c]
[/#list]
[/#if]
