package dev.angee.git;

/** The configuration that a git program is given: this, and no other. */
final class GitSettings {
    /** What it says; each line is there so that a default of some version or build decides nothing. */
    static final String TEXT = """
            [core]
            \trepositoryformatversion = 0
            \tbare = false
            \tfilemode = true
            \tsymlinks = true
            \tignorecase = false
            \tprecomposeunicode = false
            \tlogAllRefUpdates = false
            \thooksPath = /dev/null
            \tfsmonitor = false
            \tuntrackedCache = false
            \tsplitIndex = false
            \tsparseCheckout = false
            \tpreloadIndex = true
            \tcheckStat = default
            \ttrustctime = true
            \tattributesFile = /dev/null
            \texcludesFile = /dev/null
            \tautocrlf = false
            \tsafecrlf = false
            \tquotePath = false
            \tprotectHFS = true
            \tprotectNTFS = true
            \teditor = :
            \tpager = cat
            [index]
            \tsparse = false
            \tversion = 2
            [gc]
            \tauto = 0
            [maintenance]
            \tauto = false
            [credential]
            \thelper =
            [protocol]
            \tallow = never
            [protocol "ext"]
            \tallow = never
            [fetch]
            \trecurseSubmodules = no
            \twriteCommitGraph = false
            [transfer]
            \tcredentialsInUrl = die
            [push]
            \tfollowTags = false
            \tgpgSign = false
            \trecurseSubmodules = no
            [submodule]
            \trecurse = false
            [commit]
            \tgpgSign = false
            [tag]
            \tgpgSign = false
            [gpg]
            \tprogram = /bin/false
            [merge]
            \trenames = true
            \tdirectoryRenames = conflict
            \tconflictStyle = merge
            \trenormalize = false
            [diff]
            \trenames = true
            [http]
            \tfollowRedirects = initial
            \tlowSpeedLimit = 100
            \tlowSpeedTime = 60
            \temptyAuth = false
            [user]
            \tuseConfigOnly = true
            [color]
            \tui = false
            [advice]
            \tdetachedHead = false
            """;

    private GitSettings() {}

    /** A value as a configuration holds it. */
    static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
