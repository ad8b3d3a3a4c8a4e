[#-- A command is JSON, read and written again: whatever the input holds, it stays one list of texts. --]
[#function command name json]
  [#attempt]
    [#local words = json?eval_json]
  [#recover]
    [#stop name + " is not JSON; write a list of strings like [\"npm\", \"start\"]"]
  [/#attempt]
  [#if !words?is_sequence || words?size == 0]
    [#stop name + " is not a list of strings; write one like [\"npm\", \"start\"]"]
  [/#if]
  [#list words as word]
    [#if !(word!0)?is_string]
      [#stop name + " holds something that is no string; put every word in quotes, like [\"sleep\", \"5\"]"]
    [/#if]
  [/#list]
  [#return "[" + words?map(word -> word?c)?join(", ") + "]"]
[/#function]
[#-- What the input holds, as text: a reference of the manifest's in it is none. --]
[#function literal text]
  [#return text?replace("[$]+(?=[{])", "$0$0", "r")]
[/#function]
[#if runtime != "local" && runtime != "container"]
[#stop "runtime is \"" + runtime + "\"; it can be local or container"]
[/#if]
[#if runtime == "container" && image == ""]
[#stop "runtime container needs an image; set the input image, or runtime to local"]
[/#if]
[#if !port?matches("[1-9][0-9]{0,4}")]
[#stop "port is \"" + port + "\"; it must be a port number"]
[/#if]
[#if !health_path?starts_with("/")]
[#stop "health_path is \"" + health_path + "\"; it must start with /"]
[/#if]
version: 1
kind: stack
name: [=name?c]
sources:
  app: { kind: local, path: "../app" }
ports:
  web: { value: [=port] }
services:
  web:
    runtime: [=runtime]
[#if runtime == "container"]
    image: [=image?c]
    mounts: ["source://app:/srv/app"]
    workdir: /srv/app
    ports: ["127.0.0.1:${ports.web}:8080"]
[#else]
    workdir: source://app
[/#if]
    command: [=command("serve", serve)]
    healthcheck:
[#if runtime == "container"]
      exec: [wget, -q, -O, /dev/null, [=("http://127.0.0.1:8080" + literal(health_path))?c]]
[#else]
      http: { port: [=port], path: [=literal(health_path)?c] }
[/#if]
      interval: 200ms
      timeout: 2s
      retries: 5
      start_period: 30s
jobs:
  check:
    runtime: [=runtime]
[#if runtime == "container"]
    image: [=image?c]
    mounts: ["source://app:/srv/app"]
    workdir: /srv/app
[#else]
    workdir: source://app
[/#if]
    command: [=command("check", check)]
