// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.properties;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Identity by certificates, for servers and clients. Any of these properties switches it on.
 *
 * @param pemDirectory directory with tls.crt, tls.key and ca.crt, as Kubernetes mounts a TLS
 *     secret; followed as it changes
 * @param trustDomain SPIFFE trust domain of this service and its peers, for example shop.example
 * @param names which name of a certificate is the identity
 * @param servers principals of the servers that clients of this service accept, for example
 *     mtls:spiffe://shop.example/ns/shop/sa/payments; every one of the trust domain unless said
 * @param sessionAge how long a client is taken at its word before it must make a new connection
 * @param federated PEM files with the authorities of other trust domains whose callers are
 *     accepted, by the name of the domain
 */
@ConfigurationProperties(prefix = "serviceidentity.mtls", ignoreUnknownFields = false)
public record MtlsProperties(
    @Nullable Path pemDirectory,
    @Nullable String trustDomain,
    @DefaultValue("spiffe") Names names,
    @DefaultValue List<String> servers,
    @DefaultValue("15m") Duration sessionAge,
    @DefaultValue Map<String, Path> federated) {

  /** Which name of a certificate is the identity. */
  public enum Names {
    /** The SPIFFE ID, as X.509-SVIDs have it. */
    SPIFFE,
    /** The one DNS name. */
    DNS,
    /** The one URI, which is no SPIFFE ID. */
    URI,
    /** The subject. */
    SUBJECT
  }
}
