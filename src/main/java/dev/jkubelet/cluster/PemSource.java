package dev.jkubelet.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Where PEM text of a kubeconfig is.
 *
 * <p>{@code field} is the kubeconfig's field that names it.
 */
sealed interface PemSource {
  String field();

  /** In the kubeconfig itself. */
  record Inline(String field, String pem) implements PemSource {}

  /** In a file that may be replaced at any time. */
  record InFile(String field, Path path) implements PemSource {}

  /** In a file of ours once it is there, and until then where the kubeconfig says. */
  record Renewed(Path path, PemSource before) implements PemSource {
    @Override
    public String field() {
      return before.field();
    }

    private PemSource now() {
      return Files.exists(path) ? new InFile(field(), path) : before;
    }
  }

  /** For messages: the field, and the file if there is one. */
  default String described() {
    return switch (this) {
      case Inline(var field, _) -> field;
      case InFile(var field, var path) -> field + ": " + path;
      case Renewed renewed -> renewed.now().described();
    };
  }

  /** The text as it is now. */
  default String read(Path kubeconfig) {
    return switch (this) {
      case Inline(_, var pem) -> pem;
      case Renewed renewed -> renewed.now().read(kubeconfig);
      case InFile(var field, var path) -> {
        try {
          yield Files.readString(path);
        } catch (NoSuchFileException e) {
          throw InvalidKubeconfig.at(kubeconfig, field, path + ": no such file");
        } catch (IOException e) {
          throw InvalidKubeconfig.at(
              kubeconfig, field, path + ": can't be read: " + e.getMessage());
        }
      }
    };
  }
}
