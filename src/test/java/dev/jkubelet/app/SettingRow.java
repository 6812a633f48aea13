package dev.jkubelet.app;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A setting in three places.
 *
 * @param field its path in the file; empty if it has none
 * @param inFile its value there, in YAML
 * @param besides flags that the two values need besides
 */
record SettingRow(
    String flag,
    String field,
    Function<KubeletOptions, Object> option,
    Object initial,
    String inFile,
    Object ofFile,
    String onLine,
    Object ofFlag,
    List<String> besides) {
  String fields() {
    var names = List.of(field.split("\\.")).reversed();
    var text = inFile;
    for (var name : names) {
      text = "{" + name + ": " + text + "}";
    }
    return text.substring(1, text.length() - 1) + "\n";
  }

  @Override
  public String toString() {
    return "--" + flag;
  }

  SettingRow with(String... besides) {
    return new SettingRow(
        flag, field, option, initial, inFile, ofFile, onLine, ofFlag, List.of(besides));
  }

  static SettingRow of(
      String flag,
      String field,
      Function<KubeletOptions, Object> option,
      Object initial,
      String inFile,
      Object ofFile,
      String onLine,
      Object ofFlag) {
    return new SettingRow(flag, field, option, initial, inFile, ofFile, onLine, ofFlag, List.of());
  }

  /** Of a flag that has no field. */
  static SettingRow ofFlag(
      String flag,
      Function<KubeletOptions, Object> option,
      Object initial,
      String onLine,
      Object ofFlag) {
    return of(flag, "", option, initial, "", "", onLine, ofFlag);
  }

  static Optional<Object> address(Optional<InetSocketAddress> at) {
    return at.map(InetSocketAddress::getAddress).map(InetAddress::getHostAddress);
  }

  static Optional<Object> port(Optional<InetSocketAddress> at) {
    return at.map(InetSocketAddress::getPort);
  }

  static SettingRow duration(
      String flag, String field, Function<KubeletOptions, Object> option, Duration initial) {
    return of(
        flag, field, option, initial, "7s", Duration.ofSeconds(7), "1m1s", Duration.ofSeconds(61));
  }

  static SettingRow bool(
      String flag, String field, Function<KubeletOptions, Object> option, boolean initial) {
    return of(flag, field, option, initial, "" + !initial, !initial, "" + initial, initial);
  }

  static SettingRow path(
      String flag, String field, Function<KubeletOptions, Object> option, Object initial) {
    return of(
        flag,
        field,
        option,
        initial,
        "/of/file",
        Optional.of(Path.of("/of/file")),
        "/of/flag",
        Optional.of(Path.of("/of/flag")));
  }

  static SettingRow number(
      String flag,
      String field,
      Function<KubeletOptions, Object> option,
      Object initial,
      Function<Integer, Object> shown) {
    return of(flag, field, option, initial, "7001", shown.apply(7001), "7002", shown.apply(7002));
  }

  static SettingRow bind(
      String flag,
      String field,
      Function<KubeletOptions, Optional<InetSocketAddress>> option,
      String initial) {
    return of(
        flag,
        field,
        options -> address(option.apply(options)),
        Optional.of(initial),
        "127.0.0.7",
        Optional.of("127.0.0.7"),
        "::1",
        Optional.of("0:0:0:0:0:0:0:1"));
  }
}
