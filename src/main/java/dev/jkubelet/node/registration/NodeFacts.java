package dev.jkubelet.node.registration;

import dev.jkubelet.runtime.Image;
import dev.jkubelet.stats.MachineInfo;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * What the machine and its engine say of themselves.
 *
 * @param osImage such as {@code Debian GNU/Linux 12 (bookworm)}
 * @param ips the node's own addresses, the preferred one first; empty when none was found
 * @param ephemeralStorage bytes of the file system of {@code --root-dir}; 0 when unknown
 * @param engineVersion {@code Unknown} until the engine has answered once
 * @param networkProblem why no pod can be connected; empty when one can
 */
public record NodeFacts(
    MachineInfo machine,
    String kernelVersion,
    String osImage,
    List<String> ips,
    long ephemeralStorage,
    String engineVersion,
    List<Image> images,
    Optional<String> networkProblem) {

  /** What of it pods ask for. */
  MachineAmounts amounts() {
    return new MachineAmounts(
        machine.numCores(),
        machine.memoryCapacity(),
        Objects.requireNonNullElse(machine.hugePages(), List.of()),
        ephemeralStorage);
  }

  /** Where they come from. */
  @FunctionalInterface
  public interface Source {
    /** As they are now; comes within seconds, whatever the engine does. */
    CompletionStage<NodeFacts> look();
  }
}
