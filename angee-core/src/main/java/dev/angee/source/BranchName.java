package dev.angee.source;

import dev.angee.InvalidInputException;

/**
 * The short name of a branch, such as {@code main} or {@code workspace/feat-x}. Only names that git itself allows
 * (git-check-ref-format), and none that looks like an option.
 *
 * @param value the name, without {@code refs/heads/}
 */
public record BranchName(String value) {
    private static final int LONGEST = 240;

    /** Refuses what git would refuse. */
    public BranchName {
        String problem = problemOf(value);
        if (!problem.isEmpty()) {
            throw new InvalidInputException("branch", "'" + value + "' " + problem);
        }
    }

    /** The branch with this short name. */
    public static BranchName of(String value) {
        return new BranchName(value);
    }

    /** The full name of the branch: {@code refs/heads/…}. */
    public String fullName() {
        return "refs/heads/" + value;
    }

    /** The full name under which a cache knows the remote's branch: {@code refs/remotes/origin/…}. */
    public String remoteTrackingName() {
        return "refs/remotes/origin/" + value;
    }

    private static String problemOf(String name) {
        if (name.isEmpty() || name.length() > LONGEST) {
            return "is not a branch name: it has 1 to " + LONGEST + " characters";
        }
        if (name.startsWith("-") || name.startsWith("refs/") || "HEAD".equals(name) || "@".equals(name)) {
            return "is not a short branch name";
        }
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.startsWith(".") || part.endsWith(".lock") || part.endsWith(".")) {
                return "has a part git does not allow: '" + part + "'";
            }
        }
        if (name.contains("..") || name.contains("@{")) {
            return "cannot hold '..' or '@{'";
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c == 0x7f || "~^:?*[\\".indexOf(c) >= 0) {
                return "cannot hold a space, a control character or one of ~^:?*[\\";
            }
        }
        return "";
    }

    @Override
    public String toString() {
        return value;
    }
}
