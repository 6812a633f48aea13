package dev.jkubelet.node.registration;

import dev.jkubelet.stats.MachineInfo.HugePages;
import java.util.List;

/**
 * How much the machine has of what pods ask for.
 *
 * @param memory bytes
 * @param ephemeralStorage bytes of the file system of {@code --root-dir}; 0 when unknown
 */
public record MachineAmounts(
    int cores, long memory, List<HugePages> hugePages, long ephemeralStorage) {}
