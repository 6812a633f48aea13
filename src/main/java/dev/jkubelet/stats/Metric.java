package dev.jkubelet.stats;

/** Something with a name that a scrape shows. */
interface Metric {
  String name();

  /** Writes the family with all its series; nothing while there is none. */
  void render(Exposition out);
}
