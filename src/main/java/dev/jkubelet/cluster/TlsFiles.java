package dev.jkubelet.cluster;

import java.util.Optional;

/** The PEM texts that a kubeconfig's connection needs, as they were at one time. */
record TlsFiles(Optional<String> authority, Optional<String> certificate, Optional<String> key) {
  static TlsFiles read(Kubeconfig kubeconfig) {
    var file = kubeconfig.file();
    return new TlsFiles(
        kubeconfig.authority().map(source -> source.read(file)),
        kubeconfig.certificate().map(pair -> pair.certificate().read(file)),
        kubeconfig.certificate().map(pair -> pair.key().read(file)));
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "TlsFiles";
  }
}
