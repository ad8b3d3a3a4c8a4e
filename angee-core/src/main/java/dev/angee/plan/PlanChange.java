package dev.angee.plan;

import java.util.List;
import java.util.Locale;

/**
 * What bringing up one plan in place of another means for one workload.
 *
 * @param workload its name
 * @param effect what happens to it
 * @param reasons what is planned differently, one line each, with the place where it is written now; empty for what is
 *     added or removed
 */
public record PlanChange(String workload, Effect effect, List<String> reasons) {

    /** What happens to a workload. */
    public enum Effect {
        /** It is started; the earlier plan did not have it. */
        ADDED,
        /** It is ended and forgotten; the next plan does not have it. */
        REMOVED,
        /** It is ended and started anew. */
        RESTARTED,
        /** It runs on; what changed is heeded from the next start on. */
        UPDATED
    }

    /** Copies the list. */
    public PlanChange {
        reasons = List.copyOf(reasons);
    }

    /** One line for the workload, and below it one for each reason. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(effect.name().toLowerCase(Locale.ROOT) + " " + workload);
        reasons.forEach(reason -> text.append("\n  ").append(reason));
        return text.toString();
    }
}
