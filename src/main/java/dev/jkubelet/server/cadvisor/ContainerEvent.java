package dev.jkubelet.server.cadvisor;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;

/**
 * Something that happened to a container.
 *
 * @param container its cgroup's path
 */
record ContainerEvent(String container, Instant time, Type type) {
  /** What may happen. */
  enum Type {
    /** Its memory ran out. */
    OOM("oom", "oom_events"),
    /** And the kernel killed a process of it; the engine does not say which. */
    OOM_KILL("oomKill", "oom_kill_events"),
    CREATED("containerCreation", "creation_events"),
    DELETED("containerDeletion", "deletion_events");

    private final String text;
    private final String parameter;

    Type(String text, String parameter) {
      this.text = text;
      this.parameter = parameter;
    }

    /** What asks for such events. */
    String parameter() {
      return parameter;
    }
  }

  void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("container_name", container);
    out.writeStringField("timestamp", Json.time(time));
    out.writeStringField("event_type", type.text);
    SampleJson.empty(out, "event_data");
    out.writeEndObject();
  }
}
