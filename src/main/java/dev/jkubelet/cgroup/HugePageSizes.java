package dev.jkubelet.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The limit files of the hugetlb controller, {@code hugetlb.2MB.max} and the like. */
final class HugePageSizes {
  private static final Pattern FILE =
      Pattern.compile("hugetlb\\.([0-9]{1,4})([KMG])B\\.(?:limit_in_bytes|max)");

  private HugePageSizes() {}

  /** File name by page size in bytes; empty without the controller. */
  static Map<Long, String> limitFiles(Path directory) throws IOException {
    var files = new TreeMap<Long, String>();
    if (!Files.isDirectory(directory)) {
      return files;
    }
    try (var entries = Files.newDirectoryStream(directory, "hugetlb.*")) {
      for (var entry : entries) {
        var match = FILE.matcher(entry.getFileName().toString());
        if (match.matches()) {
          int power = 10 * ("KMG".indexOf(match.group(2)) + 1);
          files.put(Long.parseLong(match.group(1)) << power, match.group());
        }
      }
    }
    return files;
  }
}
