package dev.jkubelet.server;

import dev.jkubelet.node.NodeActor;
import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.server.auth.Authenticator;
import dev.jkubelet.server.auth.Authorizer;
import dev.jkubelet.server.cadvisor.Monitoring;
import dev.jkubelet.stats.KubeletMetrics;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What the ports need of the rest of the agent.
 *
 * @param files where files are read
 * @param metrics count what is asked of the kubelet's ports
 * @param monitoring what port 4194 shows besides metrics; empty where nothing is measured
 * @param tokens authenticators asked after client certificates and before anonymous; none without
 *     an API server
 * @param webhook who authorizes in webhook mode; without it that mode allows nothing
 * @param runtime where exec, attach, run and port-forward lead to
 */
public record Services(
    ActorRef<NodeActor.Command> node,
    Documents documents,
    KubeletMetrics metrics,
    Optional<Monitoring> monitoring,
    LogReader logs,
    BlockingCalls files,
    List<Authenticator> tokens,
    Optional<Authorizer> webhook,
    ContainerRuntime runtime,
    InstantSource clock) {}
