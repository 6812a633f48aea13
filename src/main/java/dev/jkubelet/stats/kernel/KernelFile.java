package dev.jkubelet.stats.kernel;

import dev.jkubelet.libc.Libc;
import java.nio.file.Path;

/**
 * A file that the kernel writes anew for each reader, kept open: reading it again takes one call
 * and no memory. One that is not there reads as nothing, always.
 */
final class KernelFile implements AutoCloseable {
  private static final int NONE = -1;

  private int descriptor;

  private KernelFile(int descriptor) {
    this.descriptor = descriptor;
  }

  static KernelFile open(Path path) {
    return new KernelFile(Libc.open(path, 0));
  }

  /** Of a controller that is not mounted. */
  static KernelFile none() {
    return new KernelFile(NONE);
  }

  boolean exists() {
    return descriptor >= 0;
  }

  /** False when it was never there, or what it told of is gone. */
  boolean read(KernelText into) {
    return descriptor >= 0 && into.read(descriptor);
  }

  /** The number it holds, on its first line; {@code none} when it can't be read. */
  long number(KernelText text, long none) {
    return read(text) && text.nextLine() && text.hasNumber() ? text.number() : none;
  }

  @Override
  public void close() {
    if (descriptor >= 0) {
      Libc.close(descriptor);
      descriptor = NONE;
    }
  }
}
