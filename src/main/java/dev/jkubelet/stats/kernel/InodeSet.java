package dev.jkubelet.stats.kernel;

/** Numbers of files that have several names; a bounded number of them, eight bytes each. */
final class InodeSet {
  private static final int FIRST_SIZE = 1 << 8;
  private static final int LARGEST_SIZE = 1 << 20;

  /** Open addressing, never more than half full; no file has the number 0. */
  private long[] slots = new long[FIRST_SIZE];

  private int size;

  /** False when it was there already; not to be asked of a set that is full. */
  boolean add(long inode) {
    if (!put(slots, inode)) {
      return false;
    }
    size++;
    if (size > slots.length / 2 && slots.length < LARGEST_SIZE) {
      grow();
    }
    return true;
  }

  /** Whether there is no room for more. */
  boolean isFull() {
    return size > LARGEST_SIZE / 2;
  }

  private void grow() {
    var larger = new long[slots.length * 2];
    for (long inode : slots) {
      if (inode != 0) {
        put(larger, inode);
      }
    }
    slots = larger;
  }

  private static boolean put(long[] slots, long inode) {
    int mask = slots.length - 1;
    int at = Long.hashCode(inode * 0x9E3779B97F4A7C15L) & mask;
    while (slots[at] != 0) {
      if (slots[at] == inode) {
        return false;
      }
      at = (at + 1) & mask;
    }
    slots[at] = inode;
    return true;
  }
}
