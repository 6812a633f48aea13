package dev.jkubelet.node.gc;

import dev.jkubelet.runtime.ContainerState;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.ContainerType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which dead containers are kept for their logs: the kubelet's policy.
 *
 * @param minAge {@code --minimum-container-ttl-duration}: younger ones, by their creation, are kept
 *     and not counted
 * @param perContainer {@code --maximum-dead-containers-per-container} of a pod; negative for any
 * @param total {@code --maximum-dead-containers} on the node; negative for any
 */
public record DeadContainers(Duration minAge, int perContainer, int total) {
  private static final Comparator<ContainerSummary> NEWEST_FIRST =
      Comparator.comparing(ContainerSummary::createdAt)
          .thenComparingInt(ContainerSummary::attempt)
          .reversed();

  private record Unit(String podUid, String name) {}

  /**
   * Those to remove now: of each container the oldest beyond its number, then, as long as there are
   * too many on the node, of each all but its share, then the oldest of all.
   */
  List<ContainerSummary> toRemove(Collection<ContainerSummary> all, Instant now) {
    var units = units(all, now);
    var kept = perContainer < 0 ? units : newest(units, perContainer);
    if (total >= 0 && count(kept) > total) {
      kept = newest(kept, Math.max(1, total / kept.size()));
      var spared = kept.stream().flatMap(List::stream).sorted(NEWEST_FIRST).limit(total).toList();
      kept = List.of(spared);
    }
    var rest = kept.stream().flatMap(List::stream).collect(Collectors.toSet());
    return units.stream().flatMap(List::stream).filter(one -> !rest.contains(one)).toList();
  }

  /** The dead, by container of a pod. */
  private List<List<ContainerSummary>> units(Collection<ContainerSummary> all, Instant now) {
    return all.stream()
        .filter(one -> one.type() == ContainerType.CONTAINER)
        .collect(Collectors.groupingBy(one -> new Unit(one.pod().uid(), one.name())))
        .values()
        .stream()
        .map(unit -> dead(unit).filter(one -> !one.createdAt().plus(minAge).isAfter(now)).toList())
        .filter(dead -> !dead.isEmpty())
        .toList();
  }

  /** The last may be about to start; one before it never will. */
  private static Stream<ContainerSummary> dead(List<ContainerSummary> unit) {
    var sorted = new ArrayList<>(unit);
    sorted.sort(NEWEST_FIRST);
    return Stream.concat(
        sorted.stream().limit(1).filter(one -> one.state() == ContainerState.EXITED),
        sorted.stream()
            .skip(1)
            .filter(
                one ->
                    one.state() == ContainerState.EXITED || one.state() == ContainerState.CREATED));
  }

  private static List<List<ContainerSummary>> newest(List<List<ContainerSummary>> units, int most) {
    return units.stream().map(unit -> unit.stream().limit(most).toList()).toList();
  }

  private static int count(List<List<ContainerSummary>> units) {
    return units.stream().mapToInt(List::size).sum();
  }
}
