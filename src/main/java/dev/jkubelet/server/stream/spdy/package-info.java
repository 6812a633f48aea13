/** SPDY/3.1 as kubectl and the API server speak it: frames, header blocks, one connection. */
package dev.jkubelet.server.stream.spdy;
