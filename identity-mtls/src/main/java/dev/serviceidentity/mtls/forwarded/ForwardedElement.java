// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.forwarded;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one hop says of its client, not yet judged.
 *
 * @param by the URI name of the certificate under which that hop ended TLS, or null
 * @param hash the SHA-256 of the client's certificate as it was written, or null
 * @param certificate the client's certificate, or null
 * @param chain the whole chain with the client's certificate first, or null
 * @param uris the URI names of the client's certificate
 * @param dnsNames the DNS names of the client's certificate
 */
record ForwardedElement(
    @Nullable String by,
    @Nullable String hash,
    @Nullable String certificate,
    @Nullable String chain,
    List<String> uris,
    List<String> dnsNames) {}
