package dev.jkubelet.server.auth;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * What a request shows of its sender; none of it is verified yet.
 *
 * @param certificates the client's chain, its own first; empty without one
 * @param bearerToken of the {@code Authorization} header
 */
public record Credentials(List<X509Certificate> certificates, Optional<String> bearerToken) {}
