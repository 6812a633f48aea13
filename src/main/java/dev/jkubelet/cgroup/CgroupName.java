package dev.jkubelet.cgroup;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A cgroup as the kubelet names it, whatever the driver: the parts from the root down, none of them
 * with a slash or an underscore, so that both drivers' spellings can be read back.
 */
record CgroupName(List<String> parts) {
  private static final String SLICE = ".slice";

  CgroupName {
    for (var part : parts) {
      if (!part.matches("[A-Za-z0-9.:+@-]+") || part.matches("\\.+")) {
        throw new IllegalArgumentException(
            "cgroup name \"%s\": expected letters, digits, '.' and '-'".formatted(part));
      }
    }
    parts = List.copyOf(parts);
  }

  /** Reads {@code /a/b}; empty and {@code /} are the root. */
  static CgroupName parse(String cgroupfs) {
    return new CgroupName(
        Stream.of(cgroupfs.split("/", -1)).filter(part -> !part.isEmpty()).toList());
  }

  CgroupName child(String part) {
    return new CgroupName(Stream.concat(parts.stream(), Stream.of(part)).toList());
  }

  /** {@code /kubepods/burstable/pod12-34}; the root is {@code /}. */
  String cgroupfs() {
    return "/" + String.join("/", parts);
  }

  /**
   * {@code /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod12_34.slice}: each slice
   * carries the names of its parents, so dashes within a part become underscores.
   */
  String systemd() {
    var slices = new ArrayList<String>();
    var prefix = "";
    for (var part : parts) {
      prefix += (prefix.isEmpty() ? "" : "-") + part.replace('-', '_');
      slices.add(prefix + SLICE);
    }
    return "/" + String.join("/", slices);
  }

  /** The last slice of {@link #systemd}: what Docker's systemd driver takes as a parent. */
  String slice() {
    var path = systemd();
    return parts.isEmpty() ? "-.slice" : path.substring(path.lastIndexOf('/') + 1);
  }
}
