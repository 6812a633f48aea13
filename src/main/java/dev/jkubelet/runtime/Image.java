package dev.jkubelet.runtime;

import java.util.List;

/**
 * A local image.
 *
 * @param id {@code sha256:…}
 * @param size bytes
 * @param user the image's {@code USER}, empty for root
 */
public record Image(String id, List<String> tags, List<String> digests, long size, String user) {}
