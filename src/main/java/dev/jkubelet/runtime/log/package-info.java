/**
 * Containers' logs as the engine's json-file driver leaves them on disk: read whole, from the tail
 * or followed, across rotation.
 */
package dev.jkubelet.runtime.log;
