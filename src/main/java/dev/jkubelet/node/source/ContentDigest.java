package dev.jkubelet.node.source;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Tells whether a manifest's bytes have changed, without keeping them. */
record ContentDigest(String hex) {
  static ContentDigest of(byte[] bytes) {
    try {
      return new ContentDigest(
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
