# Workspace [=workspace_name]

A place to work on `[=source]` without getting into anybody's way: its own branch, its own files, its own running copy.

| | |
|---|---|
| code | `app/`, a git worktree on branch `workspace/[=workspace_name]`, started from `[=base]` |
| stack | `.angee/angee.yaml`: service `web`, job `check` |
| web | <http://127.0.0.1:[=alloc_web][=health_path]> once the service is up |
| runs | [#if runtime == "container"]in containers from `[=image]`; `app/` is mounted at `/srv/app`[#else]as processes on this host[/#if] |

## How to work here

1. Change the code in `app/` and commit there.
2. Bring the stack up and look at the page above. It runs:

   ```json
   [=serve]
   ```
3. Run the job `check` before you hand the branch over. It runs:

   ```json
   [=check]
   ```

The port is this workspace's own for as long as the workspace exists.
