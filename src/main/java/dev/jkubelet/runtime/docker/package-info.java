/** The container runtime over a Docker Engine, with containers made as the dockershim made them. */
package dev.jkubelet.runtime.docker;
