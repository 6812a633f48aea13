package dev.jkubelet.cluster;

import java.time.Instant;
import java.util.Optional;

/**
 * The Kubernetes API server as a node needs it. Every call answers with a stage and blocks nobody;
 * a failed one carries an {@link ApiFailure}. Nothing here retries: who asks knows when it is worth
 * asking again. What follows objects goes on by itself, whatever happens to the server.
 */
public interface ApiServer extends AutoCloseable {
  PodsApi pods();

  NodesApi nodes();

  LeasesApi leases();

  EventsApi events();

  ReviewsApi reviews();

  ObjectsApi objects();

  CertificatesApi certificates();

  /** Until when the certificate is valid that is shown to it; empty when none is. */
  Optional<Instant> certificateExpiry();

  /** Ends all that is followed and lets the connections go. */
  @Override
  void close();
}
