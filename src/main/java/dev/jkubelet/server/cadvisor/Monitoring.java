package dev.jkubelet.server.cadvisor;

import dev.jkubelet.stats.NodeStats;
import java.util.concurrent.CompletionStage;

/**
 * What the cAdvisor port shows.
 *
 * @param events what the port looks at snapshots for; the engine's word comes from elsewhere
 * @param machine read in the background when the agent starts
 */
public record Monitoring(
    NodeStats stats, ContainerEvents events, CompletionStage<MachineFacts> machine) {}
