package dev.angee.agent;

import dev.angee.InvalidInputException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Which image an agent's container is made from. Who asks for one comes first, then what is set for the agent, for the
 * project, and in the environment; else it is the standard one. A blank text says nothing.
 *
 * @param agents the image of each kind of agent that has one of its own, for example of {@code claude}, in name order
 * @param project the image for all agents of the project
 * @param environment the variables of the host program; {@value #VARIABLE} is looked at
 * @param standard the image where nothing else is said
 */
public record AgentImages(
        Map<String, String> agents, Optional<String> project, Map<String, String> environment, String standard) {
    /** The variable that names an image for all agents. */
    public static final String VARIABLE = "ANGEE_AGENT_IMAGE";

    // [host[:port]/]path[:tag][@digest], as the engine's own reference grammar has it
    private static final Pattern REFERENCE = Pattern.compile("(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\\d+)?/)?"
            + "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*"
            + "(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(?:@sha256:[0-9a-f]{64})?");
    private static final int LONGEST = 512;

    /** Where a choice comes from, the strongest first. */
    public enum Origin {
        /** It was asked for. */
        EXPLICIT,
        /** It is set for this kind of agent. */
        AGENT,
        /** It is set for the project. */
        PROJECT,
        /** It is in the environment. */
        ENVIRONMENT,
        /** Nothing else was said. */
        STANDARD
    }

    /**
     * The image that was chosen.
     *
     * @param image its reference
     * @param origin why this one
     */
    public record Choice(String image, Origin origin) {}

    /** Copies the maps. */
    public AgentImages {
        agents = Collections.unmodifiableMap(new TreeMap<>(agents));
        environment = Map.copyOf(environment);
    }

    /** The same image for all, unless one is asked for. */
    public static AgentImages standard(String image) {
        return new AgentImages(Map.of(), Optional.empty(), Map.of(), image);
    }

    /**
     * The image for an agent.
     *
     * @param agent the kind of agent
     * @param explicit the image that is asked for, if one is
     * @throws InvalidInputException if what was chosen cannot be an image; names where it was said
     */
    public Choice choose(String agent, Optional<String> explicit) {
        Choice choice = said(explicit, Origin.EXPLICIT)
                .or(() -> said(Optional.ofNullable(agents.get(agent)), Origin.AGENT))
                .or(() -> said(project, Origin.PROJECT))
                .or(() -> said(Optional.ofNullable(environment.get(VARIABLE)), Origin.ENVIRONMENT))
                .orElse(new Choice(standard, Origin.STANDARD));
        if (choice.image().length() > LONGEST
                || !REFERENCE.matcher(choice.image()).matches()) {
            throw new InvalidInputException(
                    "image",
                    "'" + choice.image() + "', " + where(agent, choice.origin())
                            + ", cannot be an image; write it as name:tag, host/name:tag or name@sha256:digest");
        }
        return choice;
    }

    private static Optional<Choice> said(Optional<String> image, Origin origin) {
        return image.map(String::strip).filter(text -> !text.isEmpty()).map(text -> new Choice(text, origin));
    }

    private static String where(String agent, Origin origin) {
        return switch (origin) {
            case EXPLICIT -> "which was asked for";
            case AGENT -> "which is set for agent '" + agent + "'";
            case PROJECT -> "which is set for the project";
            case ENVIRONMENT -> "which the variable " + VARIABLE + " names";
            case STANDARD -> "the standard";
        };
    }

    /** Leaves the values of variables out. */
    @Override
    public String toString() {
        return "AgentImages[" + agents + ", " + project + ", " + standard + "]";
    }
}
