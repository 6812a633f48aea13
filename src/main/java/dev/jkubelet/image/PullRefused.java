package dev.jkubelet.image;

import java.util.List;

/** None of several credentials got the image; there is a failure for each of them. */
final class PullRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Throwable> failures;

  PullRefused(List<Throwable> failures) {
    super("refused with each of " + failures.size() + " credentials", failures.getLast());
    this.failures = List.copyOf(failures);
  }

  List<Throwable> failures() {
    return failures;
  }
}
