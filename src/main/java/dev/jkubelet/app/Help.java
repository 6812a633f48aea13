package dev.jkubelet.app;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The texts of {@code --help} and {@code --version}. */
final class Help {
  private static final int COLUMNS = 120;

  /** Room for the longest flag beside its text. */
  private static final int OPTION_COLUMNS = 48;

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
        .description(
            "",
            "Flags beat the file given to --config, the file beats the defaults. A value follows its flag after a space or"
                + " an equals sign; that of a switch only after an equals sign, as in --enable-server=false. A"
                + " field is the setting's name in the file.")
        .footer(
            "",
            "These flags of the kubelet 1.20 are accepted, with a warning, and have no effect here:",
            withoutEffect(catalogue, setting -> !setting.flag().isEmpty(), Setting::flag),
            "",
            "So are their fields, and these, which have no flag:",
            withoutEffect(catalogue, setting -> setting.flag().isEmpty(), Setting::field));
    for (var group : catalogue.help()) {
      var args = ArgGroupSpec.builder().validate(false).heading("\n" + group.heading() + "\n");
      group.lines().forEach(line -> args.addArg(option(catalogue, defaults, line)));
      spec.addArgGroup(args.build());
    }
    new CommandLine(spec).setUsageHelpLongOptionsMaxWidth(OPTION_COLUMNS).usage(out, Ansi.OFF);
  }

  private static String withoutEffect(
      Catalogue catalogue, Predicate<Setting> which, Function<Setting, String> name) {
    return catalogue.settings().stream()
        .filter(setting -> !catalogue.inEffect(setting))
        .filter(which)
        .map(name)
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static OptionSpec option(
      Catalogue catalogue, Configuration defaults, Catalogue.HelpLine line) {
    var setting =
        line.name().startsWith("--")
            ? catalogue.flag(line.name().substring(2)).orElseThrow()
            : catalogue.get(line.name());
    var names =
        setting.flag().equals("v") || setting.flag().equals("help")
            ? new String[] {"-" + setting.flag().charAt(0), line.name()}
            : new String[] {line.name()};
    return OptionSpec.builder(names)
        .arity(setting.type().isSwitch() ? "0" : "1")
        .paramLabel("<" + setting.form() + ">")
        .description(description(line.text(), facts(setting, defaults)))
        .build();
  }

  private static List<String> facts(Setting setting, Configuration defaults) {
    var facts = new ArrayList<String>();
    var initial = initial(setting, defaults);
    if (!initial.isEmpty()) {
      facts.add("default: " + initial);
    }
    if (!setting.field().isEmpty()) {
      facts.add("field: " + setting.field());
    }
    return facts;
  }

  /**
   * Facts that do not fit beside the text have a line of their own, or one each, so that no value
   * is broken.
   */
  private static String[] description(String text, List<String> facts) {
    if (facts.isEmpty()) {
      return new String[] {text};
    }
    var all = "[" + String.join("; ", facts) + "]";
    var lines =
        fits(text + " " + all)
            ? Stream.of(text + " " + all)
            : Stream.concat(
                Stream.of(text),
                fits(all) ? Stream.of(all) : facts.stream().map(fact -> "[" + fact + "]"));
    // picocli reads its texts as formats.
    return lines.map(line -> line.replace("%", "%%")).toArray(String[]::new);
  }

  private static boolean fits(String line) {
    return line.length() < COLUMNS - OPTION_COLUMNS - 9;
  }

  /**
   * The default, or nothing where it is empty, goes without saying, or is a path that the flag's
   * own text describes.
   */
  private static String initial(Setting setting, Configuration defaults) {
    return switch (setting.key()) {
      case "tlsCertFile", "tlsPrivateKeyFile", "--version", "--help" -> "";
      case String key -> text(defaults.value(key));
    };
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
