package dev.jkubelet.server.cadvisor;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.jkubelet.runtime.OomKill;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened to a container.
 *
 * @param container its cgroup's path
 * @param kill of an {@link Type#OOM_KILL}
 */
record ContainerEvent(String container, Instant time, Type type, Optional<OomKill> kill) {
  /** What may happen. */
  enum Type {
    /** Its memory ran out. */
    OOM("oom", "oom_events"),
    /** And the kernel killed a process of it. */
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
    out.writeObjectFieldStart("event_data");
    if (kill.isPresent()) {
      out.writeObjectFieldStart("oom");
      out.writeNumberField("pid", kill.get().pid());
      out.writeStringField("process_name", kill.get().process());
      out.writeEndObject();
    }
    out.writeEndObject();
    out.writeEndObject();
  }
}
