package dev.jkubelet.runtime.docker;

import dev.jkubelet.runtime.SandboxConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The resolv.conf that all containers of a pod share. The engine writes its own when the sandbox
 * starts; the pod's replaces it in place, as the file is bind-mounted by its inode.
 */
final class ResolvConf {
  private ResolvConf() {}

  static boolean isGiven(SandboxConfig.Dns dns) {
    return !(dns.servers().isEmpty() && dns.searches().isEmpty() && dns.options().isEmpty());
  }

  static String text(SandboxConfig.Dns dns) {
    var text = new StringBuilder();
    dns.servers().forEach(server -> text.append("nameserver ").append(server).append('\n'));
    if (!dns.searches().isEmpty()) {
      text.append("search ").append(String.join(" ", dns.searches())).append('\n');
    }
    if (!dns.options().isEmpty()) {
      text.append("options ").append(String.join(" ", dns.options())).append('\n');
    }
    return text.toString();
  }

  /** The file must be there: the engine made it. */
  static void rewrite(Path file, SandboxConfig.Dns dns) throws IOException {
    Files.writeString(
        file, text(dns), StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
  }
}
