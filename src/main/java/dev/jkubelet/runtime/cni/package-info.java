/** Pods' networks by CNI: the plugins' side of the interface is the kubelet's and libcni's. */
package dev.jkubelet.runtime.cni;
