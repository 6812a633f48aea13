package dev.jkubelet.volume.csi;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The plugins that have registered, by the name of their driver. Safe from any thread. */
public final class CsiDrivers {
  private final Map<String, CsiNode> registered = new ConcurrentHashMap<>();

  /** One of the same name is replaced. */
  public void add(String driver, CsiNode node) {
    registered.put(driver, node);
  }

  /** False if another one has taken its place. */
  public boolean remove(String driver, CsiNode node) {
    return registered.remove(driver, node);
  }

  /** Fails in the kubelet's words when it is not there (yet). */
  public CsiNode get(String driver) throws IOException {
    return Optional.ofNullable(registered.get(driver))
        .orElseThrow(
            () ->
                new IOException(
                    "driver name " + driver + " not found in the list of registered CSI drivers"));
  }
}
