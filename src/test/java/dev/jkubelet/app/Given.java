package dev.jkubelet.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Options as a command line, with or without a file, gives them. */
final class Given {
  static final String HEADER =
      "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";
  static final Catalogue CATALOGUE = Catalogue.load();

  private Given() {}

  static Configuration configuration(String... flags) {
    return Configuration.of(CATALOGUE, Flags.parse(CATALOGUE, flags));
  }

  static KubeletOptions options(String... flags) {
    return OptionsMapping.map(configuration(flags));
  }

  static KubeletOptions options(Path file, String... flags) {
    return OptionsMapping.map(configuration(file, flags));
  }

  static Configuration configuration(Path file, String... flags) {
    return configuration(
        Stream.concat(Stream.of("--config=" + file), Stream.of(flags)).toArray(String[]::new));
  }

  /** A KubeletConfiguration of those fields. */
  static Path file(Path folder, String fields) {
    return write(folder, HEADER + fields);
  }

  static Path write(Path folder, String text) {
    try {
      return Files.writeString(folder.resolve("kubelet.yaml"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
