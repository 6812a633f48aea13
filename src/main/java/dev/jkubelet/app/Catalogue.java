package dev.jkubelet.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Every flag and field of kubelet 1.20, and which of them have an effect here: the tables among
 * this package's resources.
 */
final class Catalogue {
  /** A line of {@code --help}: a flag with its dashes, or a field that has no flag. */
  record HelpLine(String name, String text) {}

  /** Lines of {@code --help} under one heading. */
  record HelpGroup(String heading, List<HelpLine> lines) {}

  private final Map<String, Setting> byKey = new LinkedHashMap<>();
  private final Map<String, Setting> byFlag = new LinkedHashMap<>();
  private final List<HelpGroup> help = new ArrayList<>();
  private final Set<String> inEffect = new HashSet<>();

  private Catalogue() {}

  static Catalogue load() {
    var catalogue = new Catalogue();
    lines("kubelet-configuration.txt")
        .map(line -> line.strip().split(" +"))
        .forEach(cell -> catalogue.add(Setting.of(cell[0], cell[1], cell[2], cell[3], cell[4])));
    lines("kubelet-flags.txt")
        .map(line -> line.strip().split(" +"))
        .forEach(cell -> catalogue.add(Setting.of("-", cell[0], cell[1], cell[2], cell[3])));
    lines("flags-help.txt").forEach(catalogue::addHelp);
    return catalogue;
  }

  private void add(Setting setting) {
    byKey.put(setting.key(), setting);
    if (!setting.flag().isEmpty()) {
      byFlag.put(setting.flag(), setting);
    }
  }

  private void addHelp(String line) {
    if (!line.startsWith(" ")) {
      help.add(new HelpGroup(line, new ArrayList<>()));
      return;
    }
    var cells = line.strip().split(" +", 2);
    help.getLast().lines().add(new HelpLine(cells[0], cells[1]));
    inEffect.add(
        (cells[0].startsWith("--") ? byFlag.get(cells[0].substring(2)) : byKey.get(cells[0]))
            .key());
  }

  private static Stream<String> lines(String resource) {
    try (var reader =
        new BufferedReader(
            new InputStreamReader(
                Catalogue.class.getResourceAsStream(resource), StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException("resource " + resource, e);
    }
  }

  /**
   * The fields in the order of KubeletConfiguration's Go type, which is that of /configz; then the
   * other flags.
   */
  Collection<Setting> settings() {
    return byKey.values();
  }

  /** The flag that one may have meant: of a name like that, or of a field's name. */
  Optional<String> flagLike(String typed) {
    return Nearest.to(typed, byFlag.keySet())
        .or(
            () ->
                settings().stream()
                    .filter(setting -> !setting.flag().isEmpty() && setting.isCalled(typed))
                    .map(Setting::flag)
                    .findFirst());
  }

  /** The field that one may have meant: of a path like that, or of a flag's name. */
  Optional<String> fieldLike(String typed) {
    return Nearest.to(typed, fieldsAndStructs())
        .or(
            () ->
                settings().stream()
                    .filter(setting -> !setting.field().isEmpty() && setting.isCalled(typed))
                    .map(Setting::field)
                    .findFirst());
  }

  /** The groups and lines of {@code --help}. */
  List<HelpGroup> help() {
    return help;
  }

  /** The setting with that {@link Setting#key}. */
  Setting get(String key) {
    return byKey.get(key);
  }

  /** The flag of that name, its dashes left off. */
  Optional<Setting> flag(String name) {
    return Optional.ofNullable(byFlag.get(name));
  }

  /** The field at that path. */
  Optional<Setting> field(String path) {
    return Optional.ofNullable(byKey.get(path)).filter(setting -> !setting.field().isEmpty());
  }

  /** Whether fields lie under that path, as under {@code authentication.webhook}. */
  boolean isStruct(String path) {
    return settings().stream().anyMatch(setting -> setting.field().startsWith(path + "."));
  }

  private Set<String> fieldsAndStructs() {
    var paths = new LinkedHashSet<String>();
    settings().stream()
        .map(Setting::field)
        .filter(path -> !path.isEmpty())
        .forEach(
            path -> {
              for (var end = path.indexOf('.'); end > 0; end = path.indexOf('.', end + 1)) {
                paths.add(path.substring(0, end));
              }
              paths.add(path);
            });
    return paths;
  }

  /** Whether the setting does anything here; if not, whoever gives it is told so. */
  boolean inEffect(Setting setting) {
    return inEffect.contains(setting.key());
  }
}
