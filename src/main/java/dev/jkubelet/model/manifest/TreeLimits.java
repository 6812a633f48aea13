package dev.jkubelet.model.manifest;

/** What bounds a manifest's tree, aliases followed: a few bytes of YAML can stand for billions. */
final class TreeLimits {
  /** Levels of nesting; a pod needs about 15. */
  static final int DEEPEST = 64;

  /** Values in one manifest. */
  static final int MOST_VALUES = 250_000;

  private final String source;
  private int values;

  TreeLimits(String source) {
    this.source = source;
  }

  void count(Place place, int depth) throws ManifestException {
    if (depth > DEEPEST) {
      throw ManifestException.at(source, place, "nested deeper than " + DEEPEST + " levels");
    }
    if (++values > MOST_VALUES) {
      throw ManifestException.at(source, place, "more than " + MOST_VALUES + " values");
    }
  }
}
