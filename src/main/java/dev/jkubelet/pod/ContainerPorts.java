package dev.jkubelet.pod;

import dev.jkubelet.model.GoQuoted;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Ports that a spec names by number or by name. */
final class ContainerPorts {
  private ContainerPorts() {}

  /**
   * A probe's: a name counts before a number written as text.
   *
   * @throws BadConfig when it is neither
   */
  static int ofProbe(IntOrString port, Container container) {
    var text = String.valueOf(port.getStrVal());
    var otherwise = "strconv.Atoi: parsing " + GoQuoted.of(text) + ": invalid syntax";
    int number = port.getIntVal() != null ? port.getIntVal() : named(text, container, otherwise);
    if (number <= 0 || number > 0xffff) {
      throw new BadConfig("invalid port number: " + number);
    }
    return number;
  }

  private static int named(String text, Container container, String otherwise) {
    return Optional.ofNullable(container.getPorts()).orElse(List.of()).stream()
        .filter(port -> text.equals(port.getName()))
        .findFirst()
        .map(ContainerPort::getContainerPort)
        .or(() -> number(text).stream().boxed().findFirst())
        .orElseThrow(() -> new BadConfig(otherwise));
  }

  /**
   * A hook's: a number written as text counts before a name; an empty name is 80.
   *
   * @throws BadConfig when it is neither
   */
  static int ofHook(IntOrString port, Container container) {
    if (port.getIntVal() != null) {
      return port.getIntVal();
    }
    var text = port.getStrVal() == null ? "" : port.getStrVal();
    return text.isEmpty()
        ? 80
        : number(text).orElseGet(() -> named(text, container, "couldn't find port: " + text));
  }

  private static OptionalInt number(String text) {
    return text.matches("[+-]?\\d{1,9}")
        ? OptionalInt.of(Integer.parseInt(text))
        : OptionalInt.empty();
  }
}
