/**
 * Exec, attach and port-forward: sessions over the streams of one connection. A connection is SPDY
 * or a WebSocket that poses as such; what a session says and hears are frames.
 */
package dev.jkubelet.server.stream;
