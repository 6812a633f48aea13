package dev.jkubelet.volume;

import dev.jkubelet.runtime.SandboxConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the host's resolver configuration by the rules of the kubelet's parseResolvConf. */
final class ResolvConf {
  private static final int MAX_BYTES = 10 << 20;

  private ResolvConf() {}

  static SandboxConfig.Dns read(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      var bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IOException(file + ": expected at most " + MAX_BYTES + " bytes");
      }
      return parse(file, new String(bytes, StandardCharsets.UTF_8));
    }
  }

  /** Nameservers add up; of search and options lines the last one counts. */
  private static SandboxConfig.Dns parse(Path file, String text) throws IOException {
    var servers = new ArrayList<String>();
    List<String> searches = List.of();
    List<String> options = List.of();
    for (var line : text.split("\n", -1)) {
      var fields = Arrays.asList(line.strip().split("\\s+"));
      var values = fields.subList(1, fields.size());
      switch (fields.getFirst()) {
        case "nameserver" -> {
          if (values.isEmpty()) {
            throw new IOException(file + ": expected an address after nameserver");
          }
          servers.add(values.getFirst());
        }
        case "search" -> searches = values.stream().map(ResolvConf::withoutLastDot).toList();
        case "options" -> options = List.copyOf(values);
        default -> {} // comments, empty lines, and what pods don't inherit
      }
    }
    return new SandboxConfig.Dns(List.copyOf(servers), searches, options);
  }

  private static String withoutLastDot(String domain) {
    return domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
  }
}
