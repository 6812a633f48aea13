package dev.jkubelet.app;

import java.io.PrintStream;
import org.slf4j.LoggerFactory;

/** The command: reads flags and file, then runs the agent until a signal. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(run(args, System.out, System.err));
  }

  /** Exit code: 0 after a stop that was asked for, 1 when the agent can't start. */
  static int run(String[] args, PrintStream out, PrintStream err) {
    try {
      var catalogue = Catalogue.load();
      var flags = Flags.parse(catalogue, args);
      if (flags.value("help").filter(Boolean.TRUE::equals).isPresent()) {
        Help.print(catalogue, out);
        return 0;
      }
      if (flags.value("version").filter(value -> !value.equals("false")).isPresent()) {
        out.println(Help.version());
        return 0;
      }
      return start(Configuration.of(catalogue, flags));
    } catch (StartFailure failure) {
      err.println("jkubelet: " + Flags.oneLine(failure.getMessage()));
      return 1;
    }
  }

  private static int start(Configuration configuration) {
    var options = OptionsMapping.map(configuration);
    Logging.setUp(configuration.number("--v"));
    var log = LoggerFactory.getLogger(Main.class);
    configuration.warnings().forEach(log::warn);
    return Agent.run(options);
  }
}
