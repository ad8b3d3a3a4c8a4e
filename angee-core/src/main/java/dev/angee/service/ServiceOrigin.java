package dev.angee.service;

import java.util.List;

/**
 * What a service was made from.
 *
 * @param template the name that finds the template again, with its pin; of one that a Go operator made it may be a path of that
 *     host
 * @param workspace the workspace it works with
 * @param jobs the jobs that the template made with it, in name order
 */
public record ServiceOrigin(String template, String workspace, List<String> jobs) {
    /** Copies the list. */
    public ServiceOrigin {
        jobs = List.copyOf(jobs);
    }
}
