package dev.jkubelet.server;

import dev.jkubelet.stats.StatsSummary;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.util.ByteString;

/**
 * What the ports serve ready-made; each supplier is asked once per request and must not block.
 *
 * @param spec the machine as the kubelet's {@code /spec/} shows it, which is not there without
 * @param machine the same as cAdvisor's {@code /api/v1.3/machine} shows it, likewise
 * @param summary {@code /stats/summary} of the kubelet's ports, which is not there without
 * @param metrics by the path that serves them on the kubelet's ports: {@code /metrics}, {@code
 *     /metrics/cadvisor}…
 * @param cadvisorMetrics {@code /metrics} of the cAdvisor port
 */
public record Documents(
    Optional<Supplier<CompletionStage<ByteString>>> spec,
    Optional<Supplier<CompletionStage<ByteString>>> machine,
    Optional<StatsSummary> summary,
    Map<String, MetricsText> metrics,
    MetricsText cadvisorMetrics) {}
