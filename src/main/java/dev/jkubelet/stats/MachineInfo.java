package dev.jkubelet.stats;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;

/**
 * The machine as cAdvisor's API describes it (info/v1's MachineInfo): names and order are the
 * answer's. Lists that Go would leave nil are null.
 *
 * @param timestamp RFC 3339 with nanoseconds
 * @param cpuFrequency kHz
 * @param memoryCapacity bytes
 * @param memoryByType by the kind of memory module, where the memory controller tells
 * @param diskMap by major:minor
 */
public record MachineInfo(
    @JsonProperty("timestamp") String timestamp,
    @JsonProperty("num_cores") int numCores,
    @JsonProperty("num_physical_cores") int numPhysicalCores,
    @JsonProperty("num_sockets") int numSockets,
    @JsonProperty("cpu_frequency_khz") long cpuFrequency,
    @JsonProperty("memory_capacity") long memoryCapacity,
    @JsonProperty("memory_by_type") Map<String, MemoryModules> memoryByType,
    @JsonProperty("nvm") Nvm nvm,
    @JsonProperty("hugepages") List<HugePages> hugePages,
    @JsonProperty("machine_id") String machineId,
    @JsonProperty("system_uuid") String systemUuid,
    @JsonProperty("boot_id") String bootId,
    @JsonProperty("filesystems") List<Filesystem> filesystems,
    @JsonProperty("disk_map") Map<String, Disk> diskMap,
    @JsonProperty("network_devices") List<NetworkDevice> networkDevices,
    @JsonProperty("topology") List<Node> topology,
    @JsonProperty("cloud_provider") String cloudProvider,
    @JsonProperty("instance_type") String instanceType,
    @JsonProperty("instance_id") String instanceId) {
  /** What the kubelet's own endpoint says: it drops the time. */
  static final String NO_TIME = "0001-01-01T00:00:00Z";

  MachineInfo at(String time) {
    return new MachineInfo(
        time,
        numCores,
        numPhysicalCores,
        numSockets,
        cpuFrequency,
        memoryCapacity,
        memoryByType,
        nvm,
        hugePages,
        machineId,
        systemUuid,
        bootId,
        filesystems,
        diskMap,
        networkDevices,
        topology,
        cloudProvider,
        instanceType,
        instanceId);
  }

  /** Modules of one kind; {@code capacity} in bytes. */
  public record MemoryModules(
      @JsonProperty("capacity") long capacity, @JsonProperty("dimm_count") int count) {}

  /** Non-volatile memory, which we don't look for. */
  public record Nvm(
      @JsonProperty("memory_mode_capacity") long memoryMode,
      @JsonProperty("app direct_mode_capacity") long appDirectMode,
      @JsonProperty("avg_power_budget") long averagePowerBudget) {
    static final Nvm NONE = new Nvm(0, 0, 0);
  }

  /** Pages of one size, in KiB. */
  public record HugePages(
      @JsonProperty("page_size") long pageSize, @JsonProperty("num_pages") long pages) {}

  /**
   * A mounted file system.
   *
   * @param device the block device, or the mount point of a tmpfs
   * @param capacity bytes
   */
  public record Filesystem(
      @JsonProperty("device") String device,
      @JsonProperty("capacity") long capacity,
      @JsonProperty("type") String type,
      @JsonProperty("inodes") long inodes,
      @JsonProperty("has_inodes") boolean hasInodes) {}

  /** A block device; {@code size} in bytes. */
  public record Disk(
      @JsonProperty("name") String name,
      @JsonProperty("major") long major,
      @JsonProperty("minor") long minor,
      @JsonProperty("size") long size,
      @JsonProperty("scheduler") String scheduler) {}

  /**
   * A network device; {@code speed} in Mbit/s, -1 when it does not know, 0 when it does not tell.
   */
  public record NetworkDevice(
      @JsonProperty("name") String name,
      @JsonProperty("mac_address") String macAddress,
      @JsonProperty("speed") long speed,
      @JsonProperty("mtu") long mtu) {}

  /** A NUMA node; {@code memory} in bytes, {@code caches} those that all its cores share. */
  public record Node(
      @JsonProperty("node_id") int id,
      @JsonProperty("memory") long memory,
      @JsonProperty("hugepages") List<HugePages> hugePages,
      @JsonProperty("cores") List<Core> cores,
      @JsonProperty("caches") List<Cache> caches) {}

  /** A physical core and its threads, which are CPUs to the kernel. */
  public record Core(
      @JsonProperty("core_id") int id,
      @JsonProperty("thread_ids") List<Integer> threads,
      @JsonProperty("caches") List<Cache> caches,
      @JsonProperty("socket_id") int socketId) {}

  /** A cache; {@code size} in bytes. */
  public record Cache(
      @JsonProperty("size") long size,
      @JsonProperty("type") String type,
      @JsonProperty("level") int level) {}
}
