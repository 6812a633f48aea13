package dev.jkubelet.stats;

import dev.jkubelet.model.PodKey;
import java.util.TreeMap;

/** Which labels tell containers apart. What is told of them is the same under both. */
enum ContainerLabels {
  /** The kubelet's: container, namespace and pod. */
  KUBELET {
    @Override
    String first(ContainerRecord record) {
      return record.container().map(ContainerRecord.Container::name).orElse("");
    }

    @Override
    void begin(Exposition out, ContainerRecord record) {
      out.ascii("container=").quoted(first(record)).ascii(",");
    }

    @Override
    void end(Exposition out, ContainerRecord record) {
      out.ascii(",namespace=").quoted(record.pod().map(PodKey::namespace).orElse(""));
      out.ascii(",pod=").quoted(record.pod().map(PodKey::name).orElse(""));
    }
  },

  /**
   * cAdvisor's: whatever the engine's labels are. cAdvisor also writes those that a container
   * lacks, as empty, which to Prometheus is the same.
   */
  CADVISOR {
    @Override
    String first(ContainerRecord record) {
      return "";
    }

    @Override
    void begin(Exposition out, ContainerRecord record) {
      var sorted = new TreeMap<String, String>();
      record
          .spec()
          .labels()
          .forEach((name, value) -> sorted.merge(allowed(name), value, ContainerLabels::smaller));
      sorted.values().removeIf(String::isEmpty);
      sorted.forEach(
          (name, value) ->
              out.ascii("container_label_").ascii(name).ascii("=").quoted(value).ascii(","));
    }

    @Override
    void end(Exposition out, ContainerRecord record) {}
  };

  /** What containers are sorted by, before their paths. */
  abstract String first(ContainerRecord record);

  /** Writes the labels up to {@code id}, a comma after each. */
  abstract void begin(Exposition out, ContainerRecord record);

  /** Writes the labels after {@code name}, a comma before each. */
  abstract void end(Exposition out, ContainerRecord record);

  /** A label's name as Prometheus takes it. */
  private static String allowed(String name) {
    return name.replaceAll("[^a-zA-Z0-9_]", "_");
  }

  /** Of two labels that come to one name, the same at each scrape. */
  private static String smaller(String one, String other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
