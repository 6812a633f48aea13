package dev.jkubelet.volume;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The mounts that this process sees, in the order they were made: {@code mountinfo} of proc(5). */
record MountTable(List<Mount> mounts) {
  private static final Pattern ESCAPE = Pattern.compile("\\\\([0-7]{3})");

  /** One mount point and the type of file system on it. */
  record Mount(Path point, String fsType) {}

  static MountTable read() throws IOException {
    // Mount points are bytes and may be anybody's: a strict decoder would fail on a stranger's.
    var text =
        new String(Files.readAllBytes(Path.of("/proc/self/mountinfo")), StandardCharsets.UTF_8);
    return parse(text.lines().toList());
  }

  static MountTable parse(List<String> lines) {
    var mounts = new ArrayList<Mount>();
    for (var line : lines) {
      var fields = List.of(line.split(" "));
      int separator = fields.indexOf("-");
      if (separator >= 6 && fields.size() > separator + 1) {
        mounts.add(new Mount(Path.of(unescape(fields.get(4))), fields.get(separator + 1)));
      }
    }
    return new MountTable(List.copyOf(mounts));
  }

  private static String unescape(String field) {
    return ESCAPE
        .matcher(field)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    String.valueOf((char) Integer.parseInt(match.group(1), 8))));
  }

  /** A path as the table has it: no symbolic link on the way, but the last part as it is. */
  static Path canonical(Path path) throws IOException {
    return path.getParent().toRealPath().resolve(path.getFileName());
  }

  boolean isMountPoint(Path dir) {
    return mounts.stream().anyMatch(mount -> mount.point().equals(dir));
  }

  /** Whether what shows at {@code dir} is a mount of that type; of several, the last one shows. */
  boolean isMounted(Path dir, String fsType) {
    return mounts.stream()
        .filter(mount -> mount.point().equals(dir))
        .reduce((_, later) -> later)
        .filter(mount -> mount.fsType().equals(fsType))
        .isPresent();
  }

  /** The mount points at and below a folder in the order to unmount them: deepest, latest first. */
  List<Path> below(Path dir) {
    return mounts.reversed().stream()
        .map(Mount::point)
        .filter(point -> point.startsWith(dir))
        .sorted(Comparator.comparingInt(Path::getNameCount).reversed())
        .toList();
  }
}
