package dev.jkubelet.app;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The texts of {@code --help} and {@code --version}. */
final class Help {
  private static final int COLUMNS = 120;

  private Help() {}

  /**
   * Our flags by group, each with its type, what it does, and the default that it has without
   * {@code --config}.
   */
  static void print(Catalogue catalogue, PrintStream out) {
    var defaults = Configuration.of(catalogue, Flags.parse(catalogue));
    var spec = CommandSpec.create().name("jkubelet");
    spec.usageMessage()
        .width(COLUMNS)
        .sortOptions(false)
        .abbreviateSynopsis(true)
        .header("A Kubernetes node agent: runs the pods of one node on a Docker Engine.")
        .footer(
            "",
            "Every other flag and field of the kubelet 1.20 is accepted, with a warning that it has no effect.");
    for (var group : catalogue.help()) {
      var args = ArgGroupSpec.builder().validate(false).heading("\n" + group.heading() + "\n");
      group.lines().forEach(line -> args.addArg(option(catalogue, defaults, line)));
      spec.addArgGroup(args.build());
    }
    new CommandLine(spec).usage(out, Ansi.OFF);
  }

  private static OptionSpec option(
      Catalogue catalogue, Configuration defaults, Catalogue.HelpLine line) {
    var setting =
        line.name().startsWith("--")
            ? catalogue.flag(line.name().substring(2)).orElseThrow()
            : catalogue.get(line.name());
    var initial =
        text(
            setting.key().equals("tlsCertFile") || setting.key().equals("tlsPrivateKeyFile")
                ? ""
                : defaults.value(setting.key()));
    return OptionSpec.builder(line.name())
        .arity(setting.type().isSwitch() ? "0" : "1")
        .paramLabel(setting.type().name().toLowerCase(java.util.Locale.ROOT))
        .description(
            line.text()
                + (initial.isEmpty() || initial.equals("false") ? "" : " Default: " + initial))
        .build();
  }

  private static String text(Object value) {
    return switch (value) {
      case Duration duration -> GoDuration.format(duration);
      case List<?> list -> list.stream().map(Object::toString).collect(Collectors.joining(","));
      case Map<?, ?> map -> map.isEmpty() ? "" : map.toString();
      case Object other -> other.toString();
    };
  }

  /** The kubelet's version whose API this is, then our own. */
  static String version() {
    var own = Help.class.getPackage().getImplementationVersion();
    return "Kubernetes v1.20.2 (jkubelet %s)".formatted(own == null ? "development" : own);
  }
}
