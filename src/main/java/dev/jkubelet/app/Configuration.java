package dev.jkubelet.app;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every setting's effective value: flags beat the file given to {@code --config}, the file beats
 * the defaults.
 */
final class Configuration {
  private final Catalogue catalogue;
  private final Map<String, Sourced> values = new HashMap<>();
  private final Map<Setting, String> warnings = new LinkedHashMap<>();
  private boolean selfSigned;

  private Configuration(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  /**
   * @throws StartFailure when the file is no good KubeletConfiguration
   */
  static Configuration of(Catalogue catalogue, Flags flags) {
    var configuration = new Configuration(catalogue);
    catalogue
        .settings()
        .forEach(setting -> configuration.setDefault(setting.key(), setting.initial()));
    flags
        .value("config")
        .map(Object::toString)
        .filter(path -> !path.isEmpty())
        .ifPresentOrElse(
            path -> configuration.setFile(Path.of(path)), configuration::setCommandLineDefaults);
    configuration.setFlags(flags);
    configuration.setServingCertificate();
    return configuration;
  }

  /**
   * Without a file, the kubelet keeps what its command line meant before there were files
   * (applyLegacyDefaults).
   */
  private void setCommandLineDefaults() {
    setDefault("authentication.anonymous.enabled", true);
    setDefault("authentication.webhook.enabled", false);
    setDefault("authorization.mode", "AlwaysAllow");
    setDefault("readOnlyPort", 10255L);
  }

  private void setFile(Path path) {
    var file = ConfigFile.read(catalogue, path);
    file.forEach(
        (setting, sourced) -> {
          values.put(setting.key(), sourced);
          warnUnlessInEffect(setting, sourced.origin());
        });
    // A file that slows the node's status down means its reports too, as
    // SetDefaults_KubeletConfiguration has it.
    if (file.containsKey(catalogue.get("nodeStatusUpdateFrequency"))
        && !file.containsKey(catalogue.get("nodeStatusReportFrequency"))) {
      setDefault("nodeStatusReportFrequency", value("nodeStatusUpdateFrequency"));
    }
  }

  private void setFlags(Flags flags) {
    flags
        .values()
        .forEach(
            (setting, given) -> {
              var origin = "--" + setting.flag();
              var value =
                  setting.type() == ValueType.SWITCHES
                      ? setting.type().join(value(setting.key()), given)
                      : given;
              if (setting.type() != ValueType.IP || !value.equals("")) {
                values.put(setting.key(), new Sourced(value, origin));
              }
              warnUnlessInEffect(setting, origin);
            });
  }

  /** Both names of the self-signed pair, as InitializeTLS fills them in. */
  private void setServingCertificate() {
    selfSigned = text("tlsCertFile").isEmpty() && text("tlsPrivateKeyFile").isEmpty();
    if (selfSigned) {
      setDefault("tlsCertFile", Path.of(text("--cert-dir"), "kubelet.crt").toString());
      setDefault("tlsPrivateKeyFile", Path.of(text("--cert-dir"), "kubelet.key").toString());
    }
  }

  private void setDefault(String key, Object value) {
    values.put(key, new Sourced(value, catalogue.get(key).names()));
  }

  private void warnUnlessInEffect(Setting setting, String origin) {
    if (!catalogue.inEffect(setting)) {
      warnings.put(setting, origin + " is accepted but has no effect in jkubelet");
    }
  }

  /** One line for each setting that was given, by file or flag, and does nothing here. */
  List<String> warnings() {
    return List.copyOf(warnings.values());
  }

  /** Nobody gave a serving certificate. */
  boolean selfSigned() {
    return selfSigned;
  }

  /** Where the setting's value comes from, to begin a message about it. */
  String origin(String key) {
    return values.get(key).origin();
  }

  Object value(String key) {
    return values.get(key).value();
  }

  String text(String key) {
    return (String) value(key);
  }

  /** The path, absolute; empty when none is given. */
  Optional<Path> path(String key) {
    return Optional.of(text(key))
        .filter(path -> !path.isEmpty())
        .map(path -> Path.of(path).toAbsolutePath().normalize());
  }

  boolean flag(String key) {
    return (Boolean) value(key);
  }

  int number(String key) {
    return Math.toIntExact((Long) value(key));
  }

  Duration duration(String key) {
    return (Duration) value(key);
  }

  InetAddress address(String key) {
    return ValueType.address(text(key)).orElseThrow();
  }

  List<String> list(String key) {
    return ((List<?>) value(key)).stream().map(String.class::cast).toList();
  }

  List<InetAddress> addresses(String key) {
    return list(key).stream().map(text -> ValueType.address(text).orElseThrow()).toList();
  }

  Map<String, List<String>> headers(String key) {
    var headers = new LinkedHashMap<String, List<String>>();
    ((Map<?, ?>) value(key))
        .forEach(
            (name, texts) ->
                headers.put(
                    (String) name, ((List<?>) texts).stream().map(String.class::cast).toList()));
    return headers;
  }

  /**
   * The body of {@code /configz}: {@code {"kubeletconfig": {…}}} with fields, order and omissions
   * of Go's encoder.
   */
  Map<String, Object> configz() {
    var root = new LinkedHashMap<String, Object>();
    catalogue.settings().stream()
        .filter(setting -> !setting.field().isEmpty())
        .forEach(setting -> putField(root, setting));
    return Map.of("kubeletconfig", root);
  }

  private void putField(Map<String, Object> root, Setting setting) {
    var names = setting.field().split("\\.");
    var struct = root;
    for (var name : List.of(names).subList(0, names.length - 1)) {
      struct = structIn(struct, name);
    }
    var value = value(setting.key());
    if (setting.pointer() || value instanceof Duration || !value.equals(setting.type().zero())) {
      struct.put(
          names[names.length - 1],
          value instanceof Duration duration ? GoDuration.format(duration) : value);
    }
  }

  @SuppressWarnings(
      "unchecked") // the only maps in a struct's place are those that this line puts there
  private static Map<String, Object> structIn(Map<String, Object> struct, String name) {
    return (Map<String, Object>)
        struct.computeIfAbsent(name, _ -> new LinkedHashMap<String, Object>());
  }
}
