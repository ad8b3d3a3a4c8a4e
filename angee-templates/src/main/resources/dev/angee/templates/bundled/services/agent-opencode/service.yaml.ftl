[#-- What the input holds, as text: a reference of the manifest's in it is none. --]
[#function literal text]
  [#return text?replace("[$]+(?=[{])", "$0$0", "r")]
[/#function]
services:
  [=service_name?c]:
    runtime: container
[#if image == ""]
    build:
      context: [=("services/" + service_name)?c]
      args:
        NODE_IMAGE: [=node_image?c]
        CLI_VERSION: [=cli_version?c]
[#else]
    image: [=image?c]
[/#if]
    user: [=user?c]
    labels: { dev.angee.agent: opencode } # takes its capabilities, and limits what it may use
[#if container_runtime != ""]
    container_runtime: [=container_runtime?c]
[/#if]
    mounts:
      - [=("workspace://" + workspace_name + (subpath == "")?then("", "/" + literal(subpath)) + ":/workspace")?c]
    workdir: /workspace
    env:
      HOME: [=literal(home)?c]
      [=key_variable?c]: [=("${secret." + secret + "}")?c]
[#if acp]
    command: [socat, "TCP-LISTEN:7000,reuseaddr,fork", "EXEC:opencode acp"]
    ports: ["127.0.0.1:[=alloc_acp]:7000"]
[#else]
    command: [sleep, infinity]
[/#if]
    healthcheck:
      exec: [sh, -c, "command -v opencode"]
      interval: 2s
      timeout: 5s
      retries: 3
    restart: unless-stopped
