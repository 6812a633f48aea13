package dev.jkubelet.volume.csi;

import java.io.IOException;

/** Where a cluster learns which drivers are on the node; every call blocks. */
public interface CsiNodeRecord {
  /** Of a node without an API server: there is nobody to tell. */
  CsiNodeRecord NONE =
      new CsiNodeRecord() {
        @Override
        public void add(String driver, CsiNode.Info info) {}

        @Override
        public void remove(String driver) {}
      };

  /** The driver is there, as {@code info} says. */
  void add(String driver, CsiNode.Info info) throws IOException, InterruptedException;

  void remove(String driver) throws IOException, InterruptedException;
}
