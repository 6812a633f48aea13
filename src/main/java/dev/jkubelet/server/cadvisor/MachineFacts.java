package dev.jkubelet.server.cadvisor;

import dev.jkubelet.stats.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.apache.pekko.util.ByteString;

/**
 * What the machine is, for answers and pages.
 *
 * @param kernel the kernel's release
 * @param os as in PRETTY_NAME of os-release
 * @param docker the engine's version, empty while unknown; must not block
 */
public record MachineFacts(Machine machine, String kernel, String os, Supplier<String> docker) {
  /** Of this machine; reads a small file. */
  public static MachineFacts of(Machine machine, Supplier<String> docker) {
    return new MachineFacts(machine, System.getProperty("os.version"), prettyName(), docker);
  }

  private static String prettyName() {
    try (var lines = Files.lines(Path.of("/etc/os-release"))) {
      return lines
          .filter(line -> line.startsWith("PRETTY_NAME="))
          .map(line -> line.substring(line.indexOf('=') + 1).replace("\"", ""))
          .findFirst()
          .orElse("Linux");
    } catch (IOException absent) {
      return "Linux";
    }
  }

  ByteString json() {
    return ByteString.fromArrayUnsafe(machine.cadvisorJson());
  }

  ByteString attributes(String version) {
    return MachineJson.attributes(
        new MachineJson.Attributes(machine.info(), kernel, os, docker.get(), "", version));
  }
}
