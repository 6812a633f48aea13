package dev.jkubelet.node.event;

import dev.jkubelet.pod.PodEvents;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Makes events of what pods and the node tell, in the form of client-go's recorder, and keeps them
 * until they are written: a thousand at most, after which new ones are lost. Never blocks; any
 * thread may use it.
 */
public final class EventRecorder implements PodEvents, NodeEvents {
  private static final int MOST_WAITING = 1000;

  private final String nodeName;
  private final Clock clock;
  private final ArrayBlockingQueue<Event> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private volatile Runnable listener = () -> {};

  /** Of this node: the source of all its events. */
  public EventRecorder(String nodeName, Clock clock) {
    this.nodeName = nodeName;
    this.clock = clock;
  }

  @Override
  public void record(Pod pod, String container, String type, String reason, String message) {
    var object = reference("Pod", pod.getMetadata());
    object.setFieldPath(fieldPath(pod, container));
    add(object, type, reason, message);
  }

  @Override
  public void record(PersistentVolumeClaim claim, String type, String reason, String message) {
    add(reference("PersistentVolumeClaim", claim.getMetadata()), type, reason, message);
  }

  private static ObjectReference reference(String kind, ObjectMeta meta) {
    return new ObjectReferenceBuilder()
        .withKind(kind)
        .withApiVersion("v1")
        .withNamespace(meta.getNamespace())
        .withName(meta.getName())
        .withUid(meta.getUid())
        .withResourceVersion(meta.getResourceVersion())
        .build();
  }

  /** The kubelet has a node's name for its UID, and no version of it. */
  @Override
  public void record(String type, String reason, String message) {
    add(
        new ObjectReferenceBuilder().withKind("Node").withName(nodeName).withUid(nodeName).build(),
        type,
        reason,
        message);
  }

  private void add(ObjectReference object, String type, String reason, String message) {
    var now = clock.instant();
    var time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    var event =
        new EventBuilder()
            .withNewMetadata()
            .withName(EventCorrelator.name(object, now))
            .withNamespace(object.getNamespace() == null ? "default" : object.getNamespace())
            .endMetadata()
            .withInvolvedObject(object)
            .withType(type)
            .withReason(reason)
            .withMessage(message)
            .withNewSource("kubelet", nodeName)
            .withFirstTimestamp(time)
            .withLastTimestamp(time)
            .withCount(1)
            .build();
    if (waiting.offer(event)) {
      listener.run();
    }
  }

  private static String fieldPath(Pod pod, String container) {
    if (container.isEmpty()) {
      return null;
    }
    return has(pod.getSpec().getInitContainers(), container)
        ? "spec.initContainers{" + container + "}"
        : "spec.containers{" + container + "}";
  }

  private static boolean has(List<Container> containers, String name) {
    return containers != null && containers.stream().anyMatch(c -> c.getName().equals(name));
  }

  /**
   * Who writes them.
   *
   * @param onEvent run for each event, on the thread that recorded it
   */
  void listen(Runnable onEvent) {
    listener = onEvent;
  }

  /** The one that waits longest. */
  Optional<Event> next() {
    return Optional.ofNullable(waiting.poll());
  }
}
