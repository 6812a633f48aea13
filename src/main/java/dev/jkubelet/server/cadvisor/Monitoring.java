package dev.jkubelet.server.cadvisor;

import dev.jkubelet.stats.NodeStats;
import java.util.concurrent.CompletionStage;

/**
 * What the cAdvisor port shows.
 *
 * @param machine read in the background when the agent starts
 */
public record Monitoring(NodeStats stats, CompletionStage<MachineFacts> machine) {}
