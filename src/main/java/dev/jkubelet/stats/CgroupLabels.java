package dev.jkubelet.stats;

/** One cgroup's labels: those of a single series stand between them, sorted by name. */
final class CgroupLabels {
  private static final byte[] NO_TIME = {'\n'};

  private final ContainerRecord record;
  private final String first;
  private final byte[] begin;
  private final byte[] image;
  private final byte[] rest;
  private final byte[] end;
  private final Exposition scratch;

  /** What is told of something: labels with their braces, and the timestamp with the newline. */
  static final class Series<T> {
    private final byte[] labels;
    private final byte[] end;
    private final T of;

    private Series(byte[] labels, byte[] end, T of) {
      this.labels = labels;
      this.end = end;
      this.of = of;
    }

    byte[] labels() {
      return labels;
    }

    byte[] end() {
      return end;
    }

    T of() {
      return of;
    }
  }

  /**
   * @param scratch where they are put into bytes; empty before and after
   */
  CgroupLabels(ContainerLabels naming, ContainerRecord record, Exposition scratch) {
    this.record = record;
    this.first = naming.first(record);
    this.scratch = scratch;
    naming.begin(scratch.ascii("{"), record);
    this.begin = scratch.take();
    this.image =
        scratch
            .ascii("id=")
            .quoted(record.path())
            .ascii(",image=")
            .quoted(record.spec().image())
            .ascii(",")
            .take();
    scratch
        .ascii("name=")
        .quoted(record.container().map(ContainerRecord.Container::dockerName).orElse(""));
    naming.end(scratch, record);
    this.rest = scratch.take();
    this.end = scratch.time(record.latest().millis()).ascii("\n").take();
  }

  ContainerRecord record() {
    return record;
  }

  String path() {
    return record.path();
  }

  String first() {
    return first;
  }

  /** With no label of its own. */
  Series<ContainerRecord> plain() {
    return series(record, "", "", "");
  }

  /** With a label before {@code id}. */
  <T> Series<T> beforeId(T of, String name, String value) {
    return series(of, label(name, value) + ",", "", "");
  }

  /** With a label after {@code image}. */
  <T> Series<T> afterImage(T of, String name, String value) {
    return series(of, "", label(name, value) + ",", "");
  }

  /** With a label behind all others. */
  <T> Series<T> last(T of, String name, String value) {
    return series(of, "", "", "," + label(name, value));
  }

  /** With a label before {@code id} and one behind all others. */
  <T> Series<T> around(T of, String name, String value, String lastName, String lastValue) {
    return series(of, label(name, value) + ",", "", "," + label(lastName, lastValue));
  }

  /** Of what holds for as long as the cgroup does: without a timestamp. */
  Series<ContainerRecord> timeless() {
    return new Series<>(bytes("", "", ""), NO_TIME, record);
  }

  private <T> Series<T> series(T of, String beforeId, String afterImage, String last) {
    return new Series<>(bytes(beforeId, afterImage, last), end, of);
  }

  private byte[] bytes(String beforeId, String afterImage, String last) {
    return scratch
        .raw(begin)
        .ascii(beforeId)
        .raw(image)
        .ascii(afterImage)
        .raw(rest)
        .ascii(last)
        .ascii("} ")
        .take();
  }

  /** Devices and interfaces have no characters to escape but these. */
  private static String label(String name, String value) {
    return name + "=\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
