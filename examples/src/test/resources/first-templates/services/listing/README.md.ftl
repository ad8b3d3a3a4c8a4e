Made by the job `[=service_name]-list`: the files of `[=workspace_name]`, in `public/files.txt`.
