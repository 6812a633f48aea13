package dev.jkubelet.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/**
 * From the kubelet's verbosity to Logback's levels; everything else about logs is in {@code
 * conf/logback.xml}.
 */
final class Logging {
  private Logging() {}

  /** klog's convention: up to 3 is for operators, 4 and 5 for debugging, from 6 on everything. */
  static Level level(int verbosity) {
    if (verbosity >= 6) {
      return Level.TRACE;
    }
    return verbosity >= 4 ? Level.DEBUG : Level.INFO;
  }

  /** Sets the level of our own loggers; those of libraries keep what the file says. */
  static void setUp(int verbosity) {
    if (LoggerFactory.getLogger("dev.jkubelet") instanceof Logger logger) {
      logger.setLevel(level(verbosity));
    }
  }
}
